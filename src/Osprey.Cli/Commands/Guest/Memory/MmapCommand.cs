using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Session.Answers.Guests.Mappings;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey mmap</c>: all mappings.</summary>
internal static class MmapCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "mmap",
                "List the mappings of virtual memory: flags, permissions, files, and how much is in memory",
                "osprey mmap                          # a live guest is not paused",
                "osprey mmap --json | jq '.mappings[] | select(.path != null)'"
            ),
            () => MappingRow.Shape,
            question =>
            {
                MappingsAnswer answer = MappingsAnswer.Ask(question.Session, question.Context);
                question.AddDefects(answer.Defects);
                return answer.Rows;
            },
            whenEmpty: "nothing is mapped"
        );
}
