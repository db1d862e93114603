using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Target.Memory;
using Osprey.Target.Memory.Search;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey search</c>: where something is in a guest's RAM.</summary>
internal static class SearchCommand
{
    private const int DefaultMatches = 100;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "search",
            "Find bytes, numbers or text in the guest's RAM, with virtual addresses and what they lie in; "
                + "device memory is never touched",
            "osprey search --text 'Linux version'          # text, as UTF-8",
            "osprey search 48c7c0????????c3                # bytes, ? for digits that do not matter",
            "osprey search --value 0x40004010 --size 8     # an aligned little-endian number",
            "osprey search --text password --ignore-case --utf16 -n 10 --start 0x100000",
            "osprey search --text password --pid sshd      # in the memory of a process (Linux)"
        );
        Option<string> process = GuestOptions.CreateProcessOption();
        var options = new GuestOptions(command) { TakesPrograms = true, Process = process };
        var what = new Argument<string>("bytes")
        {
            Description = "Hexadecimal bytes, blanks allowed between them",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var text = new Option<string>("--text") { Description = "Find this text", HelpName = "TEXT" };
        var value = new Option<string>("--value")
        {
            Description = "Find this number, decimal or 0x..., at addresses that its size divides",
            HelpName = "NUMBER",
        };
        var size = new Option<int>("--size")
        {
            Description = "Bytes of the number: 1, 2, 4 or 8",
            HelpName = "BYTES",
            DefaultValueFactory = _ => 8,
        };
        var isUnaligned = new Option<bool>("--unaligned") { Description = "Find the number at any address" };
        var isUtf16 = new Option<bool>("--utf16") { Description = "The text has two bytes a character" };
        var ignoresCase = new Option<bool>("--ignore-case") { Description = "A to Z are the same as a to z" };
        var count = new Option<int>("--max", "-n")
        {
            Description = "Stop after so many matches",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultMatches,
        };
        var start = new Option<string>("--start")
        {
            Description = "First physical address; with --pid, first address of the process",
            HelpName = "ADDRESS",
        };
        var end = new Option<string>("--end") { Description = "First address behind the range", HelpName = "ADDRESS" };
        command.Arguments.Add(what);
        command.AddOptions(text, value, size, isUnaligned, isUtf16, ignoresCase, count, start, end, process);

        command.SetAction(result =>
        {
            MemoryPattern pattern = ReadPattern(
                result.GetValue(what),
                result.GetValue(text),
                result.GetValue(value),
                result.GetValue(size),
                !result.GetValue(isUnaligned),
                result.GetValue(isUtf16),
                result.GetValue(ignoresCase)
            );
            if (result.GetValue(count) < 1)
                throw new UsageException("--max must be positive");

            ulong last = result.GetValue(end) is { } behind ? ParseNumber(behind, "--end") : ulong.MaxValue;
            ulong first = result.GetValue(start) is { } from ? ParseNumber(from, "--start") : 0;
            if (first >= last && last is not (0 or ulong.MaxValue))
                throw new UsageException($"--start 0x{first:x} is not below --end 0x{last:x}: nothing to search");

            var range = new MemorySearchOptions
            {
                Start = new PhysicalAddress(first),
                Last = new PhysicalAddress(
                    last == ulong.MaxValue ? last
                    : last == 0 ? throw new UsageException("--end 0 leaves nothing to search")
                    : last - 1
                ),
                MaxMatches = result.GetValue(count),
            };
            return GuestInvocation.Run(
                result,
                options,
                invocation => Find(invocation, result.GetValue(process), pattern, range)
            );
        });
        return command;
    }

    private static MemoryPattern ReadPattern(
        string? bytes,
        string? text,
        string? value,
        int size,
        bool isAligned,
        bool isUtf16,
        bool ignoresCase
    )
    {
        int given = (bytes is null ? 0 : 1) + (text is null ? 0 : 1) + (value is null ? 0 : 1);
        if (given != 1)
            throw new UsageException("name one thing to find: bytes, --text or --value");

        if (size is not (1 or 2 or 4 or 8))
            throw new UsageException($"--size {size}: expected 1, 2, 4 or 8");

        if (bytes is not null)
        {
            return MemoryPattern.TryParseHex(bytes, out MemoryPattern? pattern)
                ? pattern
                : throw new UsageException(
                    $"'{bytes}' is not bytes in hexadecimal, such as 48c7c0????????c3; for text there is --text"
                );
        }

        if (text is not null)
            return text.Length is > 0 and <= 1000
                ? MemoryPattern.FromText(text, isUtf16, ignoresCase)
                : throw new UsageException("--text must have 1 to 1000 characters");

        bool isNegative = value!.StartsWith('-');
        ulong number = ParseNumber(isNegative ? value[1..] : value, "--value");
        ulong stored = isNegative ? unchecked(0 - number) : number;
        ulong largest =
            isNegative ? 1UL << ((size * 8) - 1)
            : size == 8 ? ulong.MaxValue
            : (1UL << (size * 8)) - 1;
        return number <= largest
            ? MemoryPattern.FromInteger(stored, size, isAligned)
            : throw new UsageException($"{value} does not fit in {size} bytes");
    }

    private static ulong ParseNumber(string text, string option) =>
        NumberText.TryParse(text, out ulong number)
            ? number
            : throw new UsageException($"{option}: '{text}' is not a number");

    /// <summary>Nothing found is exit code 1, as of grep.</summary>
    private static int Find(
        GuestInvocation invocation,
        string? process,
        MemoryPattern pattern,
        MemorySearchOptions range
    )
    {
        SearchAnswer answer = process is null
            ? SearchAnswer.Ask(invocation.Session, pattern, range, invocation.Context)
            : SearchAnswer.AskProcess(invocation.Session, process, pattern, range, invocation.Context);
        invocation.Show(
            SearchAnswer.Shape,
            answer,
            (shown, output) => WriteText(shown.Places, invocation.Session.Target.Program is not null, output)
        );
        MemorySearchResult found = answer.Found;
        invocation.Output.Flush();
        if (found.IsCutShort)
            Messages.Write($"osprey: there are more matches than the {range.MaxMatches} shown: see --max");

        if (found.UnreadableBytes > 0)
            Messages.Write($"osprey: {found.UnreadableBytes} bytes of RAM could not be read");

        if (answer.AbsentBytes is > 0 and var absent)
            Messages.Note(
                $"osprey: note: {SizeText.Format(absent)} of the process's mappings are not present: not searched"
            );

        if (found.Matches.Count == 0)
            Messages.Write("osprey: not found");

        return found.Matches.Count > 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static void WriteText(IReadOnlyList<SearchPlace> places, bool isProgram, Output output)
    {
        bool isFirst = true;
        foreach (SearchPlace place in places)
        {
            output.Text.Append(isFirst ? "" : "\n");
            isFirst = false;
            string virtualAddress =
                place.Virtual is { } address ? string.Create(CultureInfo.InvariantCulture, $"  virtual 0x{address:x}")
                : isProgram ? "" // it has one kind of address
                : "  not mapped";
            string owner = place.Owner is null ? "" : $" in {TerminalText.Escape(place.Owner)}";
            output.Text.Append(
                string.Create(CultureInfo.InvariantCulture, $"0x{place.Physical.Value:x}{virtualAddress}{owner}\n")
            );
            ulong shift = unchecked((place.Virtual ?? place.Physical.Value) - place.Physical.Value);
            var dump = new HexDump(output.Text, unitSize: 1, output.FlushIfLarge);
            dump.Add(unchecked(place.BytesStart.Value + shift), (ulong)place.Bytes.Length, place.Bytes.Span);
            dump.End();
        }
    }
}
