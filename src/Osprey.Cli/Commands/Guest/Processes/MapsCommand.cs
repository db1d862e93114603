using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Guests.Processes;
using Osprey.Session.Answers.Guests.Processes;

namespace Osprey.Cli.Commands.Guest.Processes;

/// <summary><c>osprey maps</c>: the mappings of a process.</summary>
internal static class MapsCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "maps",
            "List the mappings of a process's memory, as /proc/PID/maps does in the guest",
            "osprey maps 1                        # a live guest is not paused",
            "osprey maps sshd --json | jq '.mappings[] | select(.path == \"[heap]\")'"
        );
        Argument<string> process = ProcessArgument.Create();
        command.Arguments.Add(process);
        return GuestListingCommand.Complete(
            command,
            () => ProcessMapShape.Shape,
            question =>
            {
                GuestList<GuestProcessMapping> list = ProcessMapShape.Ask(
                    question.Session,
                    question.Command.GetValue(process)!,
                    question.Context
                );
                question.AddDefects(list.Defects);
                return list.Items;
            },
            whenEmpty: "the process has nothing mapped"
        );
    }
}
