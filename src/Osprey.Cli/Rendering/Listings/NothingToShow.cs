using Osprey.Traces.Model;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Says why there is nothing to show.</summary>
internal static class NothingToShow
{
    /// <summary>The reason, as one line.</summary>
    /// <param name="reader">The trace, read to its end.</param>
    /// <param name="missing">Tracepoints that the answer would need and that the trace lacks.</param>
    public static string Because(TraceReader reader, IReadOnlyCollection<string> missing)
    {
        if (reader.Stats.Samples == 0)
            return "osprey: nothing to show: the trace has no samples (was a tracepoint enabled? --trace=NAME "
                + "on the guest's command line)";

        if (missing.Count > 0)
            return $"osprey: nothing to show: the trace has no {string.Join(" and no ", missing)} (start the "
                + $"guest with --trace={string.Join(',', missing)})";

        return reader.Stats[LossKind.SamplesWithoutBacktrace] > 0
            ? "osprey: nothing to show: no sample has a backtrace (start the guest with --trace-backtrace)"
            : "osprey: nothing to show: no sample passes the time range and the filters";
    }
}
