using Osprey.Symbols;

namespace Osprey.Traces.Semantics.Osv;

/// <summary>
/// Tells the frames of OSv's tracing machinery at the inner end of a backtrace from those of the traced code.
/// </summary>
internal static class OsvTracingFrames
{
    private const int LookAhead = 16;

    /// <summary>The chains that the reference cuts off, whole and by exact name; the first that fits.</summary>
    private static readonly string[][] s_referenceChains =
    [
        [
            "tracepoint_base::log_backtrace(trace_record*, unsigned char*&)",
            "log",
            "trace_slow_path",
            "operator()",
            "_FUN",
            "prof::cpu_sampler::timer_fired()",
            "prof::cpu_sampler::timer_fired()",
            "sched::timer_list::fired()",
            "std::function<void ()>::operator()() const",
            "interrupt_descriptor_table::invoke_interrupt(unsigned int)",
            "interrupt",
            "interrupt_entry_common",
        ],
        [
            "tracepoint_base::log_backtrace(trace_record*, unsigned char*&)",
            "log",
            "trace_slow_path",
            "operator()",
            "_FUN",
            "operator()",
        ],
        ["log", "trace_slow_path", "operator()", "_FUN", "operator()"],
    ];

    /// <summary>Counts the leading frames that one of the reference's chains takes; 0 when none fits.</summary>
    public static int CountAsReference(ReadOnlySpan<SymbolFrame> frames)
    {
        foreach (string[] chain in s_referenceChains)
        {
            if (StartsWith(frames, chain))
                return chain.Length;
        }

        return 0;
    }

    /// <summary>
    /// Counts the leading frames that belong to the tracing: up to the last one that only tracing has, then the lambdas
    /// of the patched call site, then, for the sampler's ticks, the interrupt that brought them.
    /// </summary>
    /// <remarks>
    /// Compilers inline and name these frames differently; the kinds of frame stay, so it goes by kind.
    /// </remarks>
    public static int Count(ReadOnlySpan<SymbolFrame> frames)
    {
        int end = LastIndex(frames, 0, IsTracing) + 1;
        if (end == 0)
            return CountUnnamed(frames);

        while (end < frames.Length && frames[end].Name is "operator()" or "_FUN")
            end++;

        if (end < frames.Length && IsSampler(frames[end]))
            end = LastIndex(frames, end, IsInterrupt) + 1;

        return end;
    }

    /// <summary>Counts the leading frames of the tracing that have no name: 1 or 0.</summary>
    /// <remarks>
    /// A tracepoint records in a function of its own (arch/x64/arch-trace.hh), which is static: a dump has no symbol
    /// for it. So the first frame is the tracing's when it has no name while others of the stack have one. Where
    /// nothing is named, nothing is known, and every frame is shown.
    /// </remarks>
    public static int CountUnnamed(ReadOnlySpan<SymbolFrame> frames)
    {
        if (frames.Length < 2 || !string.IsNullOrEmpty(frames[0].Name))
            return 0;

        foreach (SymbolFrame frame in frames)
        {
            if (!string.IsNullOrEmpty(frame.Name))
                return 1;
        }

        return 0;
    }

    /// <summary>Tells whether a frame belongs to a tracepoint.</summary>
    public static bool IsTracepoint(SymbolFrame frame) =>
        frame.Name?.StartsWith("tracepoint", StringComparison.Ordinal) == true || IsTraceHeader(frame);

    /// <summary>Tells whether a frame's code is in the header that defines tracepoints.</summary>
    public static bool IsTraceHeader(SymbolFrame frame) =>
        frame.File?.EndsWith("trace.hh", StringComparison.Ordinal) == true;

    private static bool StartsWith(ReadOnlySpan<SymbolFrame> frames, string[] chain)
    {
        if (frames.Length < chain.Length)
            return false;

        for (int i = 0; i < chain.Length; i++)
        {
            if (frames[i].Name != chain[i])
                return false;
        }

        return true;
    }

    private static int LastIndex(ReadOnlySpan<SymbolFrame> frames, int start, Predicate<SymbolFrame> matches)
    {
        int last = start - 1;
        for (int i = start; i < Math.Min(frames.Length, start + LookAhead); i++)
        {
            if (matches(frames[i]))
                last = i;
        }

        return last;
    }

    private static bool IsTracing(SymbolFrame frame) =>
        frame.Name is string name
        && (
            name.StartsWith("tracepoint", StringComparison.Ordinal)
            || name.StartsWith("trace_slow_path", StringComparison.Ordinal)
            || IsTraceHeader(frame)
        );

    private static bool IsSampler(SymbolFrame frame) =>
        frame.Name?.StartsWith("prof::cpu_sampler::", StringComparison.Ordinal) == true;

    private static bool IsInterrupt(SymbolFrame frame) =>
        IsSampler(frame)
        || frame.Name is string name
            && (
                name.StartsWith("interrupt", StringComparison.Ordinal)
                || name.StartsWith("sched::timer_list::fired", StringComparison.Ordinal)
            );
}
