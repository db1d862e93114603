using Osprey.Session.Traces;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Says why there is nothing to show.</summary>
internal static class NothingToShow
{
    /// <summary>The begin of every such message.</summary>
    public const string Prefix = "osprey: nothing to show: ";

    /// <summary>The reason, as one line.</summary>
    /// <param name="trace">The trace, read to its end.</param>
    /// <param name="range">The time that was asked for.</param>
    /// <param name="missing">Tracepoints that the answer would need and that the trace lacks.</param>
    /// <param name="hint">More on the time that was asked for; null for nothing.</param>
    /// <returns>Null when a note on what was left out says it.</returns>
    public static string? Because(
        TraceSession trace,
        TimeRange range,
        IReadOnlyCollection<string> missing,
        string? hint = null
    )
    {
        TraceReader reader = trace.Reader;
        if (reader.Stats.Samples == 0)
            return Prefix
                + "the trace has no samples (was a tracepoint enabled? --trace=NAME on the guest's command line)";

        if (reader.Stats[LossKind.PacketsOfOtherProtocols] > 0)
            return null;

        if (missing.Count > 0)
            return $"{Prefix}the trace has no {string.Join(" and no ", missing)} (start the "
                + $"guest with --trace={string.Join(',', missing)})";

        if (TimeRangeCheck.Explain(range, trace) is string reason)
            return Prefix + reason + hint;

        return reader.Stats[LossKind.SamplesWithoutBacktrace] > 0
            ? Prefix + "no sample has a backtrace (start the guest with --trace-backtrace)"
            : Prefix + "no sample passes the time range and the filters" + hint;
    }
}
