using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Scheduling;

/// <summary>Measures how long threads took to run after they were woken.</summary>
/// <remarks>
/// Only waits that end on the CPU on which they began: clocks and rings of different CPUs need not agree.
/// </remarks>
public sealed class WakeupLatencyAnalysis : TraceAnalysis
{
    private readonly AnalysisScope _scope;
    private readonly bool[] _isWait;
    private readonly int[] _wakes;
    private readonly bool[] _isReturn;
    private readonly WakeupVisitor _visitor;
    private readonly Dictionary<ulong, Waiting> _waiting = [];

    /// <param name="scope">What counts; goes by the sample of the thread that runs again.</param>
    /// <param name="visitor">Called for every wake-up.</param>
    public WakeupLatencyAnalysis(AnalysisScope scope, WakeupVisitor visitor)
    {
        _scope = scope;
        _visitor = visitor;
        _isWait = scope.MaskOf(TracepointRole.Wait);
        _isReturn = scope.MaskOf(TracepointRole.WaitEnd);
        _wakes = scope.ArgumentsOf(TracepointRole.Wake);
    }

    /// <summary>The names of the tracepoints that the trace's dictionary lacks, of the three that are needed.</summary>
    public IEnumerable<string> MissingTracepoints =>
        new[]
        {
            (TracepointRole.Wait, Array.IndexOf(_isWait, true) >= 0),
            (TracepointRole.Wake, Array.Exists(_wakes, place => place >= 0)),
            (TracepointRole.WaitEnd, Array.IndexOf(_isReturn, true) >= 0),
        }
            .Where(item => !item.Item2)
            .SelectMany(item => _scope.Semantics.NamesOf(item.Item1));

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        if (_isWait[sample.Tracepoint])
        {
            _waiting.TryGetValue(sample.Thread, out Waiting waiting);
            _waiting[sample.Thread] = new Waiting(sample.Time, sample.Cpu, _scope.IsCompat ? waiting.WakeTime : null);
        }
        else if (_wakes[sample.Tracepoint] >= 0)
        {
            ulong target = unchecked(
                (ulong)
                    new PayloadArguments(_scope.Tracepoints[sample.Tracepoint].Layout!, sample.Payload).GetInteger(
                        _wakes[sample.Tracepoint]
                    )
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
