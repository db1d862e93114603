using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Logs;

namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary><c>osprey log</c>: what the kernel said.</summary>
internal static class LogCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "log",
            "Show the messages that the guest's kernel keeps in its memory",
            "osprey log                  # all that is kept",
            "osprey log -n 20            # the last lines"
        );
        var count = new Option<int?>("--limit", "-n") { Description = "Only the last lines, so many", HelpName = "N" };
        command.Options.Add(count);
        var options = new GuestOptions(command);
        command.SetAction(result =>
        {
            if (result.GetValue(count) is < 1)
                throw new UsageException("--limit must be positive");

            return GuestInvocation.Run(
                result,
                options,
                invocation =>
                    GuestInvocation.ShowIfConfigured(() =>
                    {
                        var answer = LogAnswer.Ask(invocation.Session, result.GetValue(count));
                        invocation.Show(LogAnswer.Shape, answer, WriteText);
                        invocation.Output.Flush();
                        Messages.Note($"osprey: {answer.Scope}");
                    }),
                paged: true
            );
        });
        return command;
    }

    private static void WriteText(LogAnswer answer, Output output)
    {
        foreach (string line in answer.Lines)
        {
            output.Text.Append(TerminalText.Escape(line) + "\n");
            output.FlushIfLarge();
        }
    }
}
