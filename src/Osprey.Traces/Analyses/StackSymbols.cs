using Osprey.Symbols;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses;

/// <summary>
/// Resolves the frames of backtraces, each address once, and writes them as the user wants to see them.
/// </summary>
/// <param name="source">The source of names; null when nothing is to be resolved.</param>
/// <param name="options">The parts of a frame that are shown.</param>
/// <param name="semantics">The meaning of the trace's stacks.</param>
public sealed class StackSymbols(ISymbolSource? source, FrameTextOptions options, TraceSemantics semantics)
{
    private readonly Dictionary<ulong, SymbolFrame[]> _frames = [];
    private readonly Dictionary<SymbolFrame, string> _texts = [];
    private readonly List<SymbolFrame> _scratch = [];

    /// <summary>The parts of a frame that are shown.</summary>
    public FrameTextOptions Options => options;

    /// <summary>The distinct addresses that were asked for: return addresses less one.</summary>
    public IReadOnlyCollection<ulong> Addresses => _frames.Keys;

    /// <summary>The number of them that have no name.</summary>
    public int UnresolvedCount { get; private set; }

    /// <summary>The frames of a backtrace, innermost first, inlined functions included.</summary>
    /// <param name="returnAddresses">What is looked up is the call before each of them: the address less one.</param>
    public StackFrames Resolve(ReadOnlySpan<ulong> returnAddresses)
    {
        var frames = new List<SymbolFrame>(returnAddresses.Length + 4);
        foreach (ulong address in returnAddresses)
            frames.AddRange(ResolveAddress(unchecked(address - 1)));

        return new StackFrames(frames, semantics, options.IsCompat);
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
            frames = [.. _scratch.Select(semantics.Shorten)];
        }

        _frames.Add(address, frames);
        return frames;
    }
}
