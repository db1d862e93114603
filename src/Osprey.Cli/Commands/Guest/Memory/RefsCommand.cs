using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Guests.Addresses;
using Osprey.Session.Guests;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey refs</c>: who points to an address.</summary>
internal static class RefsCommand
{
    private const int DefaultLimit = 100;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "refs",
            "Find the words in the guest's RAM that point to an address, and show what each lies in",
            "osprey refs 0x4000015bd040           # pointers to this very address",
            "osprey refs 0x4000015bd040 --size 20928 --limit 20   # and into the object there"
        );
        var address = new Argument<string>("address") { Description = "A virtual address, symbol or expression" };
        var size = new Option<string>("--size")
        {
            Description = "The size of what is there: pointers into it count as well",
            HelpName = "BYTES",
            DefaultValueFactory = _ => "1",
        };
        var limit = new Option<int>("--limit", "-n")
        {
            Description = "Stop after so many words",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultLimit,
        };
        var inFree = new Option<bool>("--free")
        {
            Description = "Look into free memory, too: pointers there are left over",
        };
        command.Arguments.Add(address);
        command.Options.Add(inFree);
        command.Options.Add(size);
        command.Options.Add(limit);
        return GuestListingCommand.Complete(
            command,
            () => ReferenceRow.Shape,
            question =>
            {
                int most = question.Command.GetValue(limit);
                if (most < 1)
                    throw new UsageException("--limit must be positive");

                string text = question.Command.GetValue(size)!;
                if (!NumberText.TryParse(text, out ulong bytes) || bytes == 0)
                    throw new UsageException($"--size: '{text}' is not a positive number");

                ulong wanted = question.Session.Selected.ResolveAddress(
                    question.Command.GetValue(address)!,
                    isPhysical: false
                );
                var answer = ReferencesAnswer.Ask(
                    question.Session,
                    wanted,
                    bytes,
                    question.Command.GetValue(inFree),
                    most,
                    question.Context
                );
                question.IsSelective = true;
                question.AddDefects(answer.Defects);
                if (answer.FreeNote is { } note)
                    Messages.Write($"osprey: note: {note}");

                if (answer.IsCutShort)
                    question.AddDefects($"there are more words than the {most} shown: see --limit");

                return answer.Rows;
            },
            whenEmpty: "no word of RAM points there"
        );
    }
}
