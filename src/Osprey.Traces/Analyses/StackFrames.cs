using System.Runtime.InteropServices;
using Osprey.Symbols;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses;

/// <summary>The resolved frames of one backtrace.</summary>
/// <param name="Frames">Innermost first, unless reversed.</param>
/// <param name="Semantics">Tells the frames of the tracing from those of the traced code.</param>
/// <param name="IsCompat">Follow the reference in what is cut off.</param>
public readonly record struct StackFrames(List<SymbolFrame> Frames, TraceSemantics Semantics, bool IsCompat)
{
    /// <summary>
    /// Leaves out the frames of the tracing itself at the inner end and of the thread's start at the outer one.
    /// </summary>
    public StackFrames WithoutMachinery()
    {
        int skip = Semantics.CountTracingFrames(CollectionsMarshal.AsSpan(Frames), IsCompat);
        var kept = new List<SymbolFrame>(Frames.Count - skip);
        for (int i = skip; i < Frames.Count; i++)
        {
            SymbolFrame frame = Frames[i];
            FrameUse use = string.IsNullOrEmpty(frame.Name) ? FrameUse.Shown : Semantics.UseOf(frame);
            if (use == FrameUse.ThreadStart)
                break;

            if (use == FrameUse.Shown)
                kept.Add(frame);
        }

        return this with
        {
            Frames = kept,
        };
    }

    /// <summary>Leaves out the leading frames that belong to the tracepoint, as a listing does.</summary>
    public StackFrames WithoutTracepoint()
    {
        int skip = IsCompat ? 0 : Semantics.CountUnnamedTracingFrames(CollectionsMarshal.AsSpan(Frames));
        while (
            skip < Frames.Count && !string.IsNullOrEmpty(Frames[skip].Name) && Semantics.IsTracepointFrame(Frames[skip])
        )
        {
            skip++;
        }

        return skip == 0 ? this : this with { Frames = Frames[skip..] };
    }

    /// <summary>The frames in the other order.</summary>
    internal StackFrames Reversed()
    {
        var reversed = new List<SymbolFrame>(Frames);
        reversed.Reverse();
        return this with { Frames = reversed };
    }

    /// <summary>The frames from the first one of this name on; none when there is no such frame.</summary>
    /// <param name="function">The name, exactly.</param>
    /// <param name="exceptFirst">Whether a match at the very first frame counts as none, as in the reference.</param>
    internal StackFrames From(string function, bool exceptFirst)
    {
        int index = Frames.FindIndex(frame => frame.Name == function);
        return this with { Frames = index < 0 || (index == 0 && exceptFirst) ? [] : Frames[index..] };
    }
}
