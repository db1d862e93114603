using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Session.Answers.Guests.Heap;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey heap</c>: the free ranges of pages.</summary>
internal static class HeapCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "heap",
                "List the ranges of free pages, the largest first, and show how fragmented they are",
                "osprey heap                          # a live guest is not paused",
                "osprey heap --json | jq '[.ranges[].size] | add'"
            ),
            () => FreeRangesAnswer.Shape,
            question =>
            {
                FreeRangesAnswer answer = FreeRangesAnswer.Ask(question.Session, question.Context);
                question.AddDefects(answer.Defects);
                question.Footer = answer.Summary;
                return answer.Ranges;
            },
            whenEmpty: "no memory is free"
        );
}
