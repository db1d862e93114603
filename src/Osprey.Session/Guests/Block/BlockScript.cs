using Osprey.Session.Guests.Scripts;
using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Session.Guests.Block;

/// <summary>Steps that suspend and fail a guest's disk requests, for races that happen again and again.</summary>
/// <remarks>
/// The words and lines are those of <see cref="ScriptLines"/>:
/// <code>
/// insert DRIVE                                            put a blkdebug filter in
/// break DRIVE EVENT TAG                                   suspend the next request that comes to EVENT
/// wait TAG [TIME]                                         until one has come
/// when thread NAME waits in FUNCTION [TIME]               until the guest is that far
/// when value EXPRESSION [TIME]                            until it is not 0
/// resume TAG                                              let it go on
/// inject DRIVE EVENT ERRNO [once] [sector N] [state N [after EVENT]]
/// sleep TIME
/// remove DRIVE                                            take the filter out
/// </code>
/// </remarks>
public sealed class BlockScript
{
    private BlockScript(string path, IReadOnlyList<BlockStep> steps) => (Path, Steps) = (path, steps);

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<BlockStep> Steps { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ScriptException">It is written wrongly; the message has file and line.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static BlockScript Load(string path) => Parse(ScriptLines.Load(path), path);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file that it is from, for messages.</param>
    /// <exception cref="ScriptException">It is written wrongly.</exception>
    public static BlockScript Parse(string text, string path)
    {
        var tags = new HashSet<string>();
        return new BlockScript(
            path,
            ScriptLines.Read(
                text,
                path,
                (line, step, words) =>
                {
                    BlockStep read = ReadStep(line, step, words);
                    CheckTag(read, tags);
                    return read;
                }
            )
        );
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
            ["wait", var tag] => new BlockStep.Wait(line, text, ReadTag(tag), ScriptWords.DefaultTimeout),
            ["wait", var tag, var time] => new BlockStep.Wait(line, text, ReadTag(tag), ScriptWords.ReadTime(time)),
            ["resume", var tag] => new BlockStep.Resume(line, text, ReadTag(tag)),
            ["sleep", var time] => new BlockStep.Sleep(line, text, ScriptWords.ReadTime(time)),
            ["inject", var drive, var name, var error, .. var rest] => new BlockStep.Inject(
                line,
                text,
                drive,
                ReadRule(ReadEvent(name), error, rest)
            ),
            ["when", ..] when GuestCondition.Read(words) is { } until => new BlockStep.When(
                line,
                text,
                until.Condition,
                until.Timeout
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
            "when" => GuestCondition.Form,
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
                    rule = rule with { Sector = ScriptWords.ReadNumber(next, 0, long.MaxValue) };
                    break;
                case "state" when next is not null:
                    rule = rule with { State = (int)ScriptWords.ReadNumber(next, 0, int.MaxValue) };
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
}
