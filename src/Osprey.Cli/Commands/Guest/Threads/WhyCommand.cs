using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Locks;

namespace Osprey.Cli.Commands.Guest.Threads;

/// <summary><c>osprey why</c>: the reason why a thread does not run.</summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "why",
            "Explain in a sentence why a thread of the guest does not run",
            "osprey why 39                    # by number, address or name",
            "osprey why deadlock-a --json | jq .deadlock"
        );
        var thread = new Argument<string>("thread") { Description = "The thread: its number, address or name" };
        command.Arguments.Add(thread);
        var options = new GuestOptions(command);
        command.SetAction(result =>
            GuestInvocation.Run(
                result,
                options,
                invocation =>
                {
                    WhyAnswer answer = WhyAnswer.Ask(invocation.Session, result.GetValue(thread)!, invocation.Context);
                    invocation.Show(
                        WhyAnswer.GetShape(invocation.Session),
                        answer,
                        (shown, output) => output.Text.Append(TerminalText.Escape(shown.Sentence) + "\n")
                    );
                    invocation.Output.Flush();
                    foreach (string defect in answer.Defects)
                        Messages.Write($"osprey: {TerminalText.Escape(defect)}");

                    return answer.Defects.Count == 0 ? ExitCode.Success : ExitCode.Failure;
                }
            )
        );
        return command;
    }
}
