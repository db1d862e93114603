using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Session.Answers.Guests.Locks;

namespace Osprey.Cli.Commands.Guest.Threads;

/// <summary><c>osprey locks</c>: the locks that threads wait for.</summary>
internal static class LocksCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "locks",
                "List the locks that threads wait for, with owners and waiters, and explain deadlocks",
                "osprey locks                     # a live guest is not paused",
                "osprey locks --json | jq '.locks[] | select(.deadlocked)'"
            ),
            () => LockRow.Shape,
            question =>
            {
                LocksAnswer answer = LocksAnswer.Ask(question.Session, question.Context);
                question.AddDefects(answer.Defects);
                if (answer.Unknown.Count > 0)
                    question.AddDefects(
                        "the locks of these threads were not found: "
                            + string.Join(", ", answer.Unknown.Select(row => $"{row.State.Id} ({row.State.Name})"))
                    );

                if (answer.Deadlocks.Count > 0)
                    question.Footer = string.Join("\n", answer.Deadlocks);

                return answer.Locks;
            },
            whenEmpty: "no thread waits for a lock"
        );
}
