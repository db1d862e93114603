using Osprey.Traces.Analyses;

namespace Osprey.Traces.Exports.Profiles;

/// <summary>The frames of each distinct backtrace as one text, composed once.</summary>
/// <param name="symbols">Names the frames.</param>
/// <param name="separator">Stands between two frames.</param>
internal sealed class StackTexts(StackSymbols symbols, string separator)
{
    private readonly StackTable _stacks = new();
    private readonly List<string> _texts = [];

    /// <summary>Tells whether a separator within a frame becomes a comma: the text can then be split.</summary>
    public bool ReplacesSeparator { get; init; }

    /// <summary>
    /// The text of a backtrace, innermost frame first and without the tracing's own frames; empty for an empty one.
    /// </summary>
    public string this[int stack] => stack < 0 ? "" : _texts[stack];

    /// <summary>The number of a backtrace; -1 for an empty one.</summary>
    public int Intern(ReadOnlySpan<ulong> returnAddresses)
    {
        if (returnAddresses.IsEmpty)
            return -1;

        int stack = _stacks.Intern(returnAddresses);
        if (stack == _texts.Count)
        {
            IEnumerable<string> frames = symbols.Compose(symbols.Resolve(returnAddresses).WithoutTracepoint());
            if (ReplacesSeparator)
                frames = frames.Select(frame => frame.Replace(separator, ",", StringComparison.Ordinal));

            _texts.Add(string.Join(separator, frames));
        }

        return stack;
    }
}
