using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Allocations;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey leak on</c> and <c>off</c>: whether the kernel records allocations.</summary>
internal static class LeakSwitchCommand
{
    public static Command Create(bool isOn)
    {
        string name = isOn ? "on" : "off";
        var command = new DocumentedCommand(
            name,
            isOn
                ? "Make the kernel record who allocates memory: writes one byte of the guest"
                : "Stop the kernel from recording who allocates memory: writes one byte of the guest",
            $"osprey leak {name} --write",
            $"osprey leak {name} --write --json"
        );
        var write = new Option<bool>("--write")
        {
            Description = "Allow the byte to be written; without this nothing is",
        };
        command.Options.Add(write);
        var options = new GuestOptions(command) { Write = write };
        command.SetAction(result =>
            GuestInvocation.RunIfConfigured(
                result,
                options,
                invocation =>
                {
                    invocation.Show(
                        AllocationSwitchAnswer.Shape,
                        AllocationSwitchAnswer.Ask(invocation.Session, isOn),
                        (answer, output) => output.Text.Append(TerminalText.Escape(answer.Sentence) + "\n")
                    );
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
