using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Exports.Timeline;

/// <summary>Numbers the wake-ups of a trace and finds when the woken thread runs.</summary>
/// <remarks>
/// A thread runs when a CPU switches to it, or, in a trace without switches, when its wait ends. Of several wake-ups of
/// one thread before that the last one counts.
/// </remarks>
internal sealed class Wakeups
{
    private readonly AnalysisScope _scope;
    private readonly int[] _wakes;
    private readonly bool[] _ends;
    private readonly bool _hasSwitches;
    private readonly Dictionary<ulong, ulong> _pending = [];
    private ulong _count;

    public Wakeups(AnalysisScope scope)
    {
        _scope = scope;
        _wakes = scope.ArgumentsOf(TracepointRole.Wake);
        _ends = scope.MaskOf(TracepointRole.WaitEnd);
        _hasSwitches = Array.Exists(scope.MaskOf(TracepointRole.Switch), isSwitch => isSwitch);
    }

    /// <summary>Numbers the wake-up that a sample records; 0 when it is another sample.</summary>
    public ulong Begin(in TraceEvent sample)
    {
        int place = _wakes[sample.Tracepoint];
        if (place < 0)
            return 0;

        var arguments = new PayloadArguments(_scope.Tracepoints[sample.Tracepoint].Layout!, sample.Payload);
        _pending[unchecked((ulong)arguments.GetInteger(place))] = ++_count;
        return _count;
    }

    /// <summary>The number of the wake-up that makes a thread run on a CPU from now on; 0 for none.</summary>
    public ulong TakeAtSwitch(ulong thread) => _hasSwitches && _pending.Remove(thread, out ulong wakeup) ? wakeup : 0;

    /// <summary>
    /// The number of the wake-up that ends the wait which a sample ends, without switches; 0 for none.
    /// </summary>
    public ulong TakeAtWaitEnd(in TraceEvent sample) =>
        !_hasSwitches && _ends[sample.Tracepoint] && _pending.Remove(sample.Thread, out ulong wakeup) ? wakeup : 0;
}
