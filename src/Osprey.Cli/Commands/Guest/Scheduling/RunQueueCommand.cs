using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Session.Answers.Guests.Scheduling;

namespace Osprey.Cli.Commands.Guest.Scheduling;

/// <summary><c>osprey runqueue</c>: the threads that each CPU runs or could run.</summary>
internal static class RunQueueCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "runqueue",
                "List the thread that each CPU runs, and those that are ready, in the order in which they will run",
                "osprey runqueue                  # a live guest is not paused",
                "osprey runqueue --json | jq '.runQueues[] | select(.place == \"queued\")'"
            ),
            () => RunQueueRow.Shape,
            question =>
            {
                GuestList<RunQueueRow> rows = RunQueueRow.Ask(question.Session, question.Context);
                question.AddDefects(rows.Defects);
                return rows.Items;
            },
            whenEmpty: "the guest has no CPUs yet"
        );
}
