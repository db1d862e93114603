using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Guests.FileSystems;
using Osprey.Session.Answers.Guests.Processes;

namespace Osprey.Cli.Commands.Guest.Processes;

/// <summary><c>osprey mounts</c>: the file systems that are mounted.</summary>
internal static class MountsCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "mounts",
            "List the file systems that are mounted, as a process sees them; the options that all file systems have, "
                + "not those of the file system itself",
            "osprey mounts                        # as the first process sees them",
            "osprey mounts 4711 --json | jq '.mounts[] | select(.type == \"overlay\").path'"
        );
        Argument<string?> process = ProcessArgument.CreateOptional("The process that sees them");
        command.Arguments.Add(process);
        return GuestListingCommand.Complete(
            command,
            () => MountShape.Shape,
            question =>
            {
                GuestList<GuestMount> list = MountShape.Ask(
                    question.Session,
                    question.Command.GetValue(process),
                    question.Context
                );
                question.AddDefects(list.Defects);
                return list.Items;
            },
            whenEmpty: "nothing is mounted"
        );
    }
}
