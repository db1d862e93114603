using Osprey.Symbols;

namespace Osprey.Session.Traces.Names;

/// <summary>The functions that a source names, without what was inlined into them.</summary>
/// <param name="source">Names the innermost inlined function first.</param>
internal sealed class OutermostFrames(ISymbolSource source) : ISymbolSource
{
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        int start = frames.Count;
        if (!source.TryResolve(address, frames))
            return false;

        SymbolFrame last = frames[^1];
        // The line is that of the inlined code, in the innermost frame's file.
        SymbolFrame first = frames[start];
        frames.RemoveRange(start, frames.Count - start);
        frames.Add(last with { File = first.File, Line = first.Line });
        return true;
    }
}
