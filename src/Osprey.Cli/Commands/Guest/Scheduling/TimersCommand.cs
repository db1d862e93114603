using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Session.Answers.Guests.Timers;

namespace Osprey.Cli.Commands.Guest.Scheduling;

/// <summary><c>osprey timers</c>: the timers of the guest's CPUs.</summary>
internal static class TimersCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "timers",
                "List the timers of a Linux guest by CPU, the soonest first, with what each is for",
                "osprey timers                    # a live guest is not paused",
                "osprey timers --json | jq '.timers[] | select(.thread == 91)'"
            ),
            () => KernelTimerRow.Shape,
            question =>
            {
                GuestList<KernelTimerRow> rows = KernelTimerRow.Ask(question.Session, question.Context);
                question.AddDefects(rows.Defects);
                return rows.Items;
            },
            whenEmpty: "no timer is set"
        );
}
