using System.Globalization;
using System.IO.Enumeration;

namespace Osprey.Debug.Breakpoints;

/// <summary>The threads that a breakpoint is for: one by its number, or all of a name.</summary>
public sealed class ThreadChoice
{
    private readonly string _text;
    private readonly ulong? _number;

    private ThreadChoice(string text, ulong? number) => (_text, _number) = (text, number);

    /// <summary>
    /// Reads a choice: a number as the guest counts its threads, or a name, in which * stands for any text.
    /// </summary>
    /// <exception cref="FormatException">The text is empty.</exception>
    public static ThreadChoice Parse(string text)
    {
        if (text.Length == 0)
            throw new FormatException("expected a thread's number or name");

        bool isNumber = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number);
        return new ThreadChoice(text, isNumber ? number : null);
    }

    /// <summary>True when a thread is one of them.</summary>
    public bool Matches(DebugThread thread) =>
        _number is ulong number
            ? thread.State?.Id == number || (ulong)thread.Number == number
            : thread.State is not null && FileSystemName.MatchesSimpleExpression(_text, thread.Name, ignoreCase: false);

    /// <inheritdoc/>
    public override string ToString() => _text;
}
