using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Session.Answers.Guests.Timers;

namespace Osprey.Cli.Commands.Guest.Scheduling;

/// <summary><c>osprey callouts</c>: the functions that the guest's kernel calls later.</summary>
internal static class CalloutsCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "callouts",
                "List the functions that the kernel's network stack calls later, the soonest first",
                "osprey callouts                  # A is active, P pending, C completed; times are since boot",
                "osprey callouts --json | jq '.callouts[0].function'"
            ),
            () => CalloutRow.Shape,
            question =>
            {
                GuestList<CalloutRow> rows = CalloutRow.Ask(question.Session, question.Context);
                question.AddDefects(rows.Defects);
                return rows.Items;
            },
            whenEmpty: "the kernel has no callouts"
        );
}
