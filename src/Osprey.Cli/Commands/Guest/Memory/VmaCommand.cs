using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Session.Answers.Guests.Mappings;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey vma</c>: the mapping that an address is in.</summary>
internal static class VmaCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "vma",
            "Show the mapping that an address is in",
            "osprey vma 0x200000001000",
            "osprey vma main 0x200000001000 --json"
        );
        var addresses = new Argument<string[]>("address")
        {
            Description = "Virtual addresses, symbols or expressions",
            Arity = ArgumentArity.OneOrMore,
        };
        command.Arguments.Add(addresses);
        return GuestListingCommand.Complete(
            command,
            () => AddressMappingRow.Shape,
            question =>
            {
                ulong[] wanted =
                [
                    .. question
                        .Command.GetValue(addresses)!
                        .Select(text => question.Session.Selected.ResolveAddress(text, isPhysical: false)),
                ];
                question.IsSelective = true;
                MappingsAnswer answer = MappingsAnswer.Ask(question.Session, question.Context);
                question.AddDefects(answer.Defects);
                return wanted.SelectMany(answer.Find);
            },
            whenEmpty: "no mapping has this address: osprey whatis shows what it belongs to"
        );
    }
}
