using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Kernels;
using Osprey.Session.Guests;

namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary>Commands that show a text that the guest's kernel keeps.</summary>
internal static class KernelTextCommand
{
    /// <summary><c>osprey cmdline</c>: the command line that the kernel was started with.</summary>
    public static Command CreateCommandLine() =>
        Create(
            new DocumentedCommand(
                "cmdline",
                "Show the command line that the guest's kernel was started with",
                "osprey cmdline"
            ),
            CommandLineAnswer.Shape,
            CommandLineAnswer.Ask,
            answer => [answer.CommandLine]
        );

    /// <summary><c>osprey config</c>: the options that the kernel was built with.</summary>
    public static Command CreateConfiguration() =>
        Create(
            new DocumentedCommand(
                "config",
                "Show the options that the guest's kernel was built with, where it keeps them (CONFIG_IKCONFIG)",
                "osprey config | grep BTF"
            ),
            ConfigurationAnswer.Shape,
            ConfigurationAnswer.Ask,
            answer => answer.Lines
        );

    private static DocumentedCommand Create<TAnswer>(
        DocumentedCommand command,
        Shape<TAnswer> shape,
        Func<GuestSession, TAnswer> ask,
        Func<TAnswer, IReadOnlyList<string>> getLines
    )
    {
        var options = new GuestOptions(command);
        command.SetAction(result =>
            GuestInvocation.Run(
                result,
                options,
                invocation =>
                    GuestInvocation.ShowIfConfigured(() =>
                        invocation.Show(
                            shape,
                            ask(invocation.Session),
                            (answer, output) =>
                            {
                                foreach (string line in getLines(answer))
                                {
                                    output.Text.Append(TerminalText.Escape(line) + "\n");
                                    output.FlushIfLarge();
                                }
                            }
                        )
                    ),
                paged: true
            )
        );
        return command;
    }
}
