using System.Globalization;
using System.Text;
using Osprey.Target.Backends.Qemu.Block;
using Osprey.Traces.Text;

namespace Osprey.Session.Guests.Block;

/// <summary>Steps that suspend and fail a guest's disk requests, for races that happen again and again.</summary>
/// <remarks>
/// A line has a step; words are separated by blanks, and one with blanks stands in quotes; <c>#</c> begins a comment:
/// <code>
/// insert DRIVE                                            put a blkdebug filter in
/// break DRIVE EVENT TAG                                   suspend the next request that comes to EVENT
/// wait TAG [TIME]                                         until one has come
/// when thread NAME waits in FUNCTION [TIME]               until the guest is that far
/// resume TAG                                              let it go on
/// inject DRIVE EVENT ERRNO [once] [sector N] [state N [after EVENT]]
/// sleep TIME
/// remove DRIVE                                            take the filter out
/// </code>
/// </remarks>
public sealed class BlockScript
{
    private const int MaxSize = 1 << 20;
    private const int MaxSteps = 10_000;
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(24);

    private BlockScript(string path, IReadOnlyList<BlockStep> steps) => (Path, Steps) = (path, steps);

    /// <summary>How long a step waits where the script does not say.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<BlockStep> Steps { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="BlockScriptException">It is written wrongly; the message has file and line.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static BlockScript Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[MaxSize + 1];
        int size = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return size > MaxSize
            ? throw new BlockScriptException(path, 1, $"the script is over {MaxSize} bytes")
            : Parse(Encoding.UTF8.GetString(bytes, 0, size), path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file that it is from, for messages.</param>
    /// <exception cref="BlockScriptException">It is written wrongly.</exception>
    public static BlockScript Parse(string text, string path)
    {
        var steps = new List<BlockStep>();
        var tags = new HashSet<string>();
        int number = 0;
        foreach (ReadOnlySpan<char> row in text.AsSpan().EnumerateLines())
        {
            number++;
            try
            {
                List<string> words = Split(row);
                if (words.Count == 0)
                    continue;

                BlockStep step = ReadStep(number, string.Join(' ', words.Select(Quote)), words);
                CheckTag(step, tags);
                steps.Add(step);
            }
            catch (FormatException exception)
            {
                throw new BlockScriptException(path, number, exception.Message, exception);
            }

            if (steps.Count > MaxSteps)
                throw new BlockScriptException(path, number, $"the script has over {MaxSteps} steps");
        }

        return steps.Count > 0
            ? new BlockScript(path, steps)
            : throw new BlockScriptException(path, 1, "the script has no steps");
    }

    private static BlockStep ReadStep(int line, string text, List<string> words) =>
        words switch
        {
            ["insert", var drive] => new BlockStep.Insert(line, text, drive),
            ["remove", var drive] => new BlockStep.Remove(line, text, drive),
            ["break", var drive, var name, var tag] => new BlockStep.Break(
                line,
                text,
                drive,
                ReadEvent(name),
                ReadTag(tag)
            ),
            ["wait", var tag] => new BlockStep.Wait(line, text, ReadTag(tag), DefaultTimeout),
            ["wait", var tag, var time] => new BlockStep.Wait(line, text, ReadTag(tag), ReadTime(time)),
            ["resume", var tag] => new BlockStep.Resume(line, text, ReadTag(tag)),
            ["sleep", var time] => new BlockStep.Sleep(line, text, ReadTime(time)),
            ["inject", var drive, var name, var error, .. var rest] => new BlockStep.Inject(
                line,
                text,
                drive,
                ReadRule(ReadEvent(name), error, rest)
            ),
            ["when", "thread", var thread, "waits", "in", var function] => new BlockStep.When(
                line,
                text,
                new ThreadCondition(thread, function),
                DefaultTimeout
            ),
            ["when", "thread", var thread, "waits", "in", var function, var time] => new BlockStep.When(
                line,
                text,
                new ThreadCondition(thread, function),
                ReadTime(time)
            ),
            [var first, ..] => throw new FormatException(
                FindForm(first) is { } form ? $"expected {form}" : $"'{first}' is no step"
            ),
            [] => throw new FormatException("no words"),
        };

    private static string? FindForm(string step) =>
        step switch
        {
            "insert" or "remove" => $"{step} DRIVE",
            "break" => "break DRIVE EVENT TAG",
            "wait" => "wait TAG [TIME]",
            "resume" => "resume TAG",
            "sleep" => "sleep TIME",
            "inject" => "inject DRIVE EVENT ERRNO [once] [sector N] [state N [after EVENT]]",
            "when" => "when thread NAME waits in FUNCTION [TIME]",
            _ => null,
        };

    /// <summary>Sees to it that each breakpoint has a tag of its own, and that what is named was set before.</summary>
    private static void CheckTag(BlockStep step, HashSet<string> tags)
    {
        switch (step)
        {
            case BlockStep.Break set when !tags.Add(set.Tag):
                throw new FormatException($"'{set.Tag}' is set already and not resumed before this line");
            case BlockStep.Wait wait when !tags.Contains(wait.Tag):
                throw new FormatException($"no line before sets a breakpoint '{wait.Tag}'");
            case BlockStep.Resume resume when !tags.Remove(resume.Tag):
                throw new FormatException($"no line before sets a breakpoint '{resume.Tag}'");
        }
    }

    private static InjectRule ReadRule(string name, string error, List<string> words)
    {
        var rule = new InjectRule(name, ReadError(error));
        for (int i = 0; i < words.Count; i++)
        {
            string? next = i + 1 < words.Count ? words[i + 1] : null;
            switch (words[i])
            {
                case "once":
                    rule = rule with { IsOnce = true };
                    continue;
                case "sector" when next is not null:
                    rule = rule with { Sector = ReadNumber(next, long.MaxValue) };
                    break;
                case "state" when next is not null:
                    rule = rule with { State = (int)ReadNumber(next, int.MaxValue) };
                    break;
                case "after" when next is not null && rule.State is not null:
                    rule = rule with { StateEvent = ReadEvent(next) };
                    break;
                default:
                    throw new FormatException($"'{words[i]}': expected {FindForm("inject")}");
            }

            i++;
        }

        return rule;
    }

    private static int ReadError(string text) =>
        ErrorNumber.TryParse(text) ?? throw new FormatException($"'{text}' is no error such as ENOSPC or 28");

    private static string ReadEvent(string text) =>
        text.Length <= 64 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
            ? text
            : throw new FormatException($"'{text}' is no event");

    private static string ReadTag(string text) =>
        BlockBreakpoint.IsTag(text)
            ? text
            : throw new FormatException($"'{text}' is no tag: at most 40 letters, digits and any of . _ -");

    private static long ReadNumber(string text, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= most
            ? number
            : throw new FormatException($"'{text}' is no whole number up to {most}");

    private static TimeSpan ReadTime(string text) =>
        TimeParser.TryParse(text, "s", out decimal nanoseconds)
        && nanoseconds >= 0
        && nanoseconds / TimeSpan.NanosecondsPerTick <= s_longest.Ticks
            ? TimeSpan.FromTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick))
            : throw new FormatException($"'{text}' is no time such as 500ms or 10s");

    private static string Quote(string word) =>
        word.Length == 0 || word.AsSpan().IndexOfAny(" \t#") >= 0 ? $"\"{word}\"" : word;

    private static List<string> Split(ReadOnlySpan<char> row)
    {
        var words = new List<string>();
        int at = 0;
        while (true)
        {
            while (at < row.Length && char.IsWhiteSpace(row[at]))
                at++;

            if (at == row.Length || row[at] == '#')
                return words;

            int end;
            if (row[at] == '"')
            {
                at++;
                end = row[at..].IndexOf('"') is >= 0 and var quote
                    ? at + quote
                    : throw new FormatException("a quote is not closed");
                words.Add(row[at..end].ToString());
                at = end + 1;
                continue;
            }

            end = at;
            while (end < row.Length && !char.IsWhiteSpace(row[end]))
                end++;

            words.Add(row[at..end].ToString());
            at = end;
        }
    }
}
