using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Session.Answers.Guests.Heap;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey memory</c>: the use of the guest's memory.</summary>
internal static class MemoryCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "memory",
                "Show how much memory the guest has, and how much of it is free, used, mapped and cached",
                "osprey memory                        # a live guest is not paused",
                "osprey memory --json | jq '.memory[] | select(.use == \"free\").size'"
            ),
            () => MemoryUseRow.Shape,
            question =>
            {
                MemoryUseAnswer answer = MemoryUseAnswer.Ask(question.Session, question.Context);
                question.AddDefects(answer.Defects);
                return answer.Rows;
            },
            whenEmpty: "nothing is known of the guest's memory"
        );
}
