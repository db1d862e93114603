using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Session.Answers.Guests.Scheduling;

namespace Osprey.Cli.Commands.Guest.Scheduling;

/// <summary><c>osprey waiters</c>: the threads that wait for memory.</summary>
internal static class WaitersCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "waiters",
                "List the threads that wait for memory to become free",
                "osprey waiters                   # empty unless the guest is out of memory",
                "osprey waiters --json"
            ),
            () => MemoryWaiterRow.Shape,
            question =>
            {
                GuestList<MemoryWaiterRow> rows = MemoryWaiterRow.Ask(question.Session, question.Context);
                question.AddDefects(rows.Defects);
                return rows.Items;
            },
            whenEmpty: "no thread waits for memory"
        );
}
