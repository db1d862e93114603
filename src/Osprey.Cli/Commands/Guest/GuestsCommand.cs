using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey guests</c>: the guests of this host.</summary>
internal static class GuestsCommand
{
    public static Command Create() =>
        ListingCommand.Complete(
            new DocumentedCommand(
                "guests",
                "List the QEMU guests of this host and how each can be reached",
                "osprey guests                              # process, name, memory, vCPUs, state, kernel, ways in",
                "osprey guests --json | jq '.guests[].pid'",
                "osprey guests --csv > guests.csv"
            ),
            () => GuestListingShape.Shape,
            context => GuestFinder.List(context.Cancellation),
            whenEmpty: "no guest runs under QEMU on this host"
        );
}
