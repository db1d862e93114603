using Osprey.Session.Guests.Scripts;

namespace Osprey.Debug.Faults;

/// <summary>Steps that make calls of a guest fail, in an order that its state decides.</summary>
/// <remarks>
/// The words and lines are those of <see cref="ScriptLines"/>:
/// <code>
/// fault FUNCTION return VALUE [every N] [times N] [thread NAME] [if EXPRESSION]
/// clear FUNCTION                                          its calls fail no more
/// wait FUNCTION [N] [TIME]                                until N calls of it (1) have failed
/// when thread NAME waits in FUNCTION [TIME]               until the guest is that far
/// when value EXPRESSION [TIME]                            until it is not 0
/// sleep TIME
/// </code>
/// </remarks>
public sealed class FaultScript
{
    private FaultScript(string? path, IReadOnlyList<FaultStep> steps) => (Path, Steps) = (path, steps);

    /// <summary>The file, for messages; null for a script that is in none.</summary>
    public string? Path { get; }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<FaultStep> Steps { get; }

    /// <summary>The script of one fault alone.</summary>
    public static FaultScript Of(FaultRule rule) => new(null, [new FaultStep.Begin(1, rule.Function, rule)]);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ScriptException">It is written wrongly; the message has file and line.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static FaultScript Load(string path) => Parse(ScriptLines.Load(path), path);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file that it is from, for messages.</param>
    /// <exception cref="ScriptException">It is written wrongly.</exception>
    public static FaultScript Parse(string text, string path)
    {
        var functions = new HashSet<string>();
        return new FaultScript(
            path,
            ScriptLines.Read(
                text,
                path,
                (line, step, words) =>
                {
                    FaultStep read = ReadStep(line, step, words);
                    CheckFunction(read, functions);
                    return read;
                }
            )
        );
    }

    private static FaultStep ReadStep(int line, string text, List<string> words) =>
        words switch
        {
            ["fault", var function, "return", var value, .. var rest] => new FaultStep.Begin(
                line,
                text,
                ReadRule(new FaultRule(function, value), rest)
            ),
            ["clear", var function] => new FaultStep.Clear(line, text, function),
            ["wait", var function, .. { Count: <= 2 } rest] => ReadWait(line, text, function, rest),
            ["when", ..] when GuestCondition.Read(words) is { } until => new FaultStep.When(
                line,
                text,
                until.Condition,
                until.Timeout
            ),
            ["sleep", var time] => new FaultStep.Sleep(line, text, ScriptWords.ReadTime(time)),
            [var first, ..] => throw new FormatException(
                FindForm(first) is { } form
                    ? $"expected {form}"
                    : $"'{first}' is no step; expected fault, clear, wait, when or sleep"
            ),
            [] => throw new FormatException("no words"),
        };

    private static string? FindForm(string step) =>
        step switch
        {
            "fault" => "fault FUNCTION return VALUE [every N] [times N] [thread NAME] [if EXPRESSION]",
            "clear" => "clear FUNCTION",
            "wait" => "wait FUNCTION [N] [TIME]",
            "when" => GuestCondition.Form,
            "sleep" => "sleep TIME",
            _ => null,
        };

    private static FaultRule ReadRule(FaultRule rule, List<string> words)
    {
        for (int i = 0; i < words.Count; i += 2)
        {
            string? next = i + 1 < words.Count && words[i + 1].Length > 0 ? words[i + 1] : null;
            rule = words[i] switch
            {
                "every" when next is not null => rule with { Every = ScriptWords.ReadNumber(next, 1, long.MaxValue) },
                "times" when next is not null => rule with { Times = ScriptWords.ReadNumber(next, 1, long.MaxValue) },
                "thread" when next is not null => rule with { Thread = next },
                "if" when next is not null => rule with { Condition = next },
                _ => throw new FormatException(
                    $"'{words[i]}': expected {FindForm("fault")}; words with blanks stand in double quotes"
                ),
            };
        }

        return rule;
    }

    /// <summary>A number alone is a count: a time has its unit.</summary>
    private static FaultStep.Wait ReadWait(int line, string text, string function, List<string> words)
    {
        bool hasCount = words.Count > 0 && words[0].All(char.IsAsciiDigit);
        long count = hasCount ? ScriptWords.ReadNumber(words[0], 1, long.MaxValue) : 1;
        return (words.Count - (hasCount ? 1 : 0)) switch
        {
            0 => new FaultStep.Wait(line, text, function, count, ScriptWords.DefaultTimeout),
            1 => new FaultStep.Wait(line, text, function, count, ScriptWords.ReadTime(words[^1])),
            _ => throw new FormatException($"expected {FindForm("wait")}"),
        };
    }

    /// <summary>Sees to it that what is waited for or ended has begun before.</summary>
    private static void CheckFunction(FaultStep step, HashSet<string> functions)
    {
        if (step is FaultStep.Begin begin)
            functions.Add(begin.Rule.Function);

        string? named = step switch
        {
            FaultStep.Clear clear => clear.Function,
            FaultStep.Wait wait => wait.Function,
            _ => null,
        };
        if (named is not null && !functions.Contains(named))
            throw new FormatException($"no line before makes calls of '{named}' fail");
    }
}
