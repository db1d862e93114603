using Osprey.Symbols;

namespace Osprey.Traces.Analyses;

/// <summary>The resolved frames of one backtrace.</summary>
/// <param name="Frames">Innermost first, unless reversed.</param>
/// <param name="IsCompat">Follow the reference in what is cut off.</param>
public readonly record struct StackFrames(List<SymbolFrame> Frames, bool IsCompat)
{
    private static readonly string[] s_bottom = ["thread_main", "thread_main_c"];

    /// <summary>
    /// Without the frames of the tracing itself at the inner end and of the thread's start at the outer one.
    /// </summary>
    /// <remarks>trace-cli section 5.2, step 3.</remarks>
    public StackFrames WithoutMachinery()
    {
        int skip = IsCompat ? TracingFrames.CountAsReference(Frames) : TracingFrames.Count(Frames);
        var kept = new List<SymbolFrame>(Frames.Count - skip);
        for (int i = skip; i < Frames.Count; i++)
        {
            SymbolFrame frame = Frames[i];
            if (string.IsNullOrEmpty(frame.Name))
            {
                kept.Add(frame);
                continue;
            }

            if (IsTraceHeader(frame) || frame.Name == "_M_invoke")
                continue;

            if (s_bottom.Contains(frame.Name))
                break;

            kept.Add(frame);
        }

        return this with
        {
            Frames = kept,
        };
    }

    /// <summary>Without the leading frames that belong to the tracepoint: what a listing leaves out.</summary>
    public StackFrames WithoutTracepoint()
    {
        int skip = 0;
        while (
            skip < Frames.Count
            && !string.IsNullOrEmpty(Frames[skip].Name)
            && (Frames[skip].Name!.StartsWith("tracepoint", StringComparison.Ordinal) || IsTraceHeader(Frames[skip]))
        )
        {
            skip++;
        }

        return skip == 0 ? this : this with { Frames = Frames[skip..] };
    }

    /// <summary>The frames in the other order.</summary>
    public StackFrames Reversed()
    {
        var reversed = new List<SymbolFrame>(Frames);
        reversed.Reverse();
        return this with { Frames = reversed };
    }

    /// <summary>The frames from the first one of this name on; none when there is no such frame.</summary>
    /// <param name="function">The name, exactly.</param>
    /// <param name="exceptFirst">Whether a match at the very first frame counts as none, as in the reference.</param>
    public StackFrames From(string function, bool exceptFirst)
    {
        int index = Frames.FindIndex(frame => frame.Name == function);
        return this with { Frames = index < 0 || (index == 0 && exceptFirst) ? [] : Frames[index..] };
    }

    private static bool IsTraceHeader(SymbolFrame frame) =>
        frame.File?.EndsWith("trace.hh", StringComparison.Ordinal) == true;
}
