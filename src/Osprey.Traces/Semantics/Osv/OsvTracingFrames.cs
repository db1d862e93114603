using Osprey.Symbols;

namespace Osprey.Traces.Analyses;

/// <summary>
/// Tells the frames of OSv's tracing machinery at the inner end of a backtrace from those of the traced code.
/// </summary>
internal static class TracingFrames
{
    private const int LookAhead = 16;

    /// <summary>
    /// The chains that the reference knows, whole and by exact name (trace-cli section 5.2, step 3a).
    /// </summary>
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

    /// <summary>How many leading frames one of the reference's chains takes; 0 when none fits.</summary>
    public static int CountAsReference(List<SymbolFrame> frames)
    {
        foreach (string[] chain in s_referenceChains)
        {
            if (frames.Count >= chain.Length && chain.Select((name, i) => frames[i].Name == name).All(same => same))
                return chain.Length;
        }

        return 0;
    }

    /// <summary>
    /// How many leading frames belong to the tracing: up to the last one that only tracing has, then the lambdas of the
    /// patched call site, then, for the sampler's ticks, the interrupt that brought them.
    /// </summary>
    /// <remarks>
    /// Compilers inline and name these frames differently; the kinds of frame stay, so it goes by kind.
    /// </remarks>
    public static int Count(List<SymbolFrame> frames)
    {
        int end = LastIndex(frames, 0, IsTracing) + 1;
        if (end == 0)
            return 0;

        while (end < frames.Count && frames[end].Name is "operator()" or "_FUN")
            end++;

        if (end < frames.Count && IsSampler(frames[end]))
            end = LastIndex(frames, end, IsInterrupt) + 1;

        return end;
    }

    private static int LastIndex(List<SymbolFrame> frames, int start, Predicate<SymbolFrame> matches)
    {
        int last = start - 1;
        for (int i = start; i < Math.Min(frames.Count, start + LookAhead); i++)
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
            || frame.File?.EndsWith("trace.hh", StringComparison.Ordinal) == true
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
