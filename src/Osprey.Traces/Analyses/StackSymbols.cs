using Osprey.Symbols;

namespace Osprey.Traces.Analyses;

/// <summary>
/// Resolves the frames of backtraces, each address once, and writes them as the user wants to see them.
/// </summary>
/// <param name="source">Where names come from; null when nothing is to be resolved.</param>
/// <param name="options">What is shown of a frame.</param>
public sealed class StackSymbols(ISymbolSource? source, FrameTextOptions options)
{
    private readonly Dictionary<ulong, SymbolFrame[]> _frames = [];
    private readonly Dictionary<SymbolFrame, string> _texts = [];
    private readonly List<SymbolFrame> _scratch = [];

    /// <summary>The distinct addresses that were asked for: return addresses less one.</summary>
    public IReadOnlyCollection<ulong> Addresses => _frames.Keys;

    /// <summary>How many of them have no name.</summary>
    public int UnresolvedCount { get; private set; }

    /// <summary>The frames of a backtrace, innermost first, inlined functions included.</summary>
    /// <param name="returnAddresses">What is looked up is the call before each of them: the address less one.</param>
    public StackFrames Resolve(ReadOnlySpan<ulong> returnAddresses)
    {
        var frames = new List<SymbolFrame>(returnAddresses.Length + 4);
        foreach (ulong address in returnAddresses)
            frames.AddRange(ResolveAddress(unchecked(address - 1)));

        return new StackFrames(frames, options.IsCompat);
    }

    /// <summary>The text of each frame.</summary>
    public string[] Compose(StackFrames frames) => [.. frames.Frames.Select(Compose)];

    /// <summary>The text of a frame: its name with what the options add, or its address when it has none.</summary>
    public string Compose(SymbolFrame frame)
    {
        if (_texts.TryGetValue(frame, out string? text))
            return text;

        text = frame.Name is null || frame.Name.Length == 0 ? $"0x{frame.Address:x}" : ComposeNamed(frame, frame.Name);
        _texts.Add(frame, text);
        return text;
    }

    private string ComposeNamed(SymbolFrame frame, string text)
    {
        string missing = options.IsCompat ? "None" : "??";
        if (options.ShowFile)
            text += " " + (frame.File ?? missing);

        if (options.ShowLine)
            text += ":" + (frame.Line?.ToString() ?? missing);

        return options.ShowAddress ? $"{text} @ 0x{frame.Address:x}" : text;
    }

    private SymbolFrame[] ResolveAddress(ulong address)
    {
        if (_frames.TryGetValue(address, out SymbolFrame[]? frames))
            return frames;

        _scratch.Clear();
        if (source is null || !source.TryResolve(address, _scratch))
        {
            UnresolvedCount++;
            frames = [new SymbolFrame(address, null)];
        }
        else
        {
            frames = [.. _scratch.Select(Shorten)];
        }

        _frames.Add(address, frames);
        return frames;
    }

    /// <summary>
    /// Cuts the template arguments of the scheduler's wait functions: a page of text that says nothing.
    /// </summary>
    private static SymbolFrame Shorten(SymbolFrame frame) =>
        frame.Name is not string name ? frame
        : name.StartsWith("void sched::thread::do_wait_until<", StringComparison.Ordinal)
            ? frame with
            {
                Name = "sched::thread::do_wait_until",
            }
        : name.StartsWith("do_wait_until<", StringComparison.Ordinal) ? frame with { Name = "do_wait_until" }
        : frame;
}
