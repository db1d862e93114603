using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Guests.FileSystems;
using Osprey.Session.Answers.Guests.FileSystems;

namespace Osprey.Cli.Commands.Guest.Devices;

/// <summary><c>osprey zfs</c>: settings of ZFS, sizes and hits of its cache.</summary>
internal static class ZfsCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "zfs",
                "Show the settings of ZFS, and the sizes and hits of its cache",
                "osprey zfs                       # ZFS is a module: its file must be found (osprey modules)",
                "osprey zfs --json | jq '.statistics[] | select(.section == \"sizes\")'"
            ),
            () => StatisticRow.Shape,
            question =>
            {
                GuestList<GuestStatistic> rows = StatisticRow.AskZfs(question.Session, question.Context);
                question.AddDefects(rows.Defects);
                return rows.Items;
            },
            whenEmpty: "nothing of ZFS is known"
        );
}
