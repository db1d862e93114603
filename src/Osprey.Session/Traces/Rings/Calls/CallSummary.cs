using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Session.Traces.Rings.Calls;

/// <summary>Counts calls by tracepoint, as <c>strace -c</c> does.</summary>
/// <param name="tracepoints">The guest's tracepoints; may grow.</param>
/// <param name="semantics">Tells ends that are failures.</param>
public sealed class CallSummary(TracepointTable tracepoints, TraceSemantics semantics) : ICallSink
{
    private readonly Dictionary<string, CallCount> _counts = [];

    /// <summary>The tracepoints, the one that took the most time first.</summary>
    public IReadOnlyList<CallCount> Counts =>
        [
            .. _counts
                .Values.OrderByDescending(count => count.Nanoseconds)
                .ThenByDescending(count => count.Calls)
                .ThenBy(count => count.Name, StringComparer.Ordinal),
        ];

    /// <inheritdoc/>
    public void TakeSingle(in TraceEvent sample) => Count(sample, new CallCount("", 1, 0, 0, 0));

    /// <inheritdoc/>
    public void TakeCall(in TraceEvent entry, in TraceEvent exit, bool isResumed)
    {
        bool isError = semantics.EndOf(tracepoints[exit.Tracepoint].Name, isCompat: false).IsError;
        ulong duration = exit.Time > entry.Time ? exit.Time - entry.Time : 0;
        Count(entry, new CallCount("", 1, 1, isError ? 1 : 0, (long)Math.Min(duration, long.MaxValue / 4)));
    }

    /// <inheritdoc/>
    public void TakeUnfinished(in TraceEvent entry) { }

    private void Count(in TraceEvent entry, CallCount one)
    {
        string name = tracepoints[entry.Tracepoint].Name;
        CallCount sum = _counts.GetValueOrDefault(name) ?? new CallCount(name, 0, 0, 0, 0);
        _counts[name] = new CallCount(
            name,
            sum.Calls + one.Calls,
            sum.Timed + one.Timed,
            sum.Errors + one.Errors,
            unchecked(sum.Nanoseconds + one.Nanoseconds)
        );
    }
}
