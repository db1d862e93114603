using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Scheduling;

/// <summary>How long threads took to run after they were woken (trace-cli section 3.5).</summary>
/// <remarks>
/// Only waits that end on the CPU on which they began: clocks and rings of different CPUs need not agree.
/// </remarks>
public sealed class WakeupLatencyAnalysis : TraceAnalysis
{
    private readonly AnalysisScope _scope;
    private readonly bool[] _isWait;
    private readonly bool[] _isWake;
    private readonly bool[] _isReturn;
    private readonly WakeupVisitor _visitor;
    private readonly Dictionary<ulong, Waiting> _waiting = [];

    /// <param name="scope">What counts; goes by the sample of the thread that runs again.</param>
    /// <param name="visitor">Called for every wake-up.</param>
    public WakeupLatencyAnalysis(AnalysisScope scope, WakeupVisitor visitor)
    {
        _scope = scope;
        _visitor = visitor;
        _isWait = scope.MaskOf("sched_wait");
        _isReturn = scope.MaskOf("sched_wait_ret");
        _isWake =
        [
            .. scope.Tracepoints.All.Select(tracepoint =>
                tracepoint.Name == "sched_wake"
                && tracepoint.Layout is { } layout
                && layout.Fields.Length > 0
                && layout.Fields[0].Type.IsInteger
            ),
        ];
    }

    /// <summary>The tracepoints of the three that the trace's dictionary lacks.</summary>
    public IEnumerable<string> MissingTracepoints =>
        new[] { ("sched_wait", _isWait), ("sched_wake", _isWake), ("sched_wait_ret", _isReturn) }
            .Where(item => Array.IndexOf(item.Item2, true) < 0)
            .Select(item => item.Item1);

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        if (_isWait[sample.Tracepoint])
        {
            _waiting.TryGetValue(sample.Thread, out Waiting waiting);
            _waiting[sample.Thread] = new Waiting(sample.Time, sample.Cpu, _scope.IsCompat ? waiting.WakeTime : null);
        }
        else if (_isWake[sample.Tracepoint])
        {
            ulong target = unchecked(
                (ulong)new PayloadArguments(_scope.Tracepoints[sample.Tracepoint].Layout!, sample.Payload).GetInteger(0)
            );
            if (_waiting.TryGetValue(target, out Waiting waiting))
                _waiting[target] = waiting with { WakeTime = sample.Time };
        }
        else if (_isReturn[sample.Tracepoint])
        {
            if (
                _waiting.Remove(sample.Thread, out Waiting waiting)
                && waiting.WakeTime is ulong wakeTime
                && waiting.Cpu == sample.Cpu
            )
                Report(
                    sample,
                    unchecked((long)(sample.Time - wakeTime)),
                    unchecked((long)(sample.Time - waiting.Time))
                );
        }
    }

    private void Report(in TraceEvent sample, long wakeup, long wait)
    {
        if (_scope.IsCompat || (wakeup >= 0 && _scope.Includes(sample)))
            _visitor(sample, wakeup, wait);
    }

    private readonly record struct Waiting(ulong Time, uint Cpu, ulong? WakeTime);
}
