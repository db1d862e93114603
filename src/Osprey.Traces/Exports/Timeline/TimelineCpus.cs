using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Exports.Timeline;

/// <summary>
/// Draws what the CPUs do, for a trace viewer: the running thread, by the switches, and the length of the run queue.
/// </summary>
internal sealed class TimelineCpus
{
    private readonly AnalysisScope _scope;
    private readonly ITimelineWriter _writer;
    private readonly Wakeups? _wakeups;
    private readonly TimelineTracks _tracks;
    private readonly int[] _switches;
    private readonly int[] _loads;
    private readonly SortedDictionary<uint, (ulong Thread, ulong Since, ulong Wakeup)> _running = [];

    public TimelineCpus(AnalysisScope scope, ITimelineWriter writer, TimelineTracks tracks, Wakeups? wakeups)
    {
        _scope = scope;
        _writer = writer;
        _tracks = tracks;
        _wakeups = wakeups;
        _switches = scope.ArgumentsOf(TracepointRole.Switch);
        _loads = scope.ArgumentsOf(TracepointRole.RunQueue);
    }

    /// <summary>Tells whether a sample is shown as a counter and needs no other place.</summary>
    public bool IsLoad(in TraceEvent sample) => _loads[sample.Tracepoint] >= 0;

    /// <summary>Takes the next sample.</summary>
    public void Add(in TraceEvent sample)
    {
        if (_switches[sample.Tracepoint] >= 0)
            Switch(sample);
        else if (_loads[sample.Tracepoint] >= 0 && _scope.Includes(sample))
            Count(sample);
    }

    /// <summary>
    /// Writes the threads that still run. A filter goes by the sample of the switch away, and there is none yet: with a
    /// filter nothing is written.
    /// </summary>
    /// <param name="end">When the trace ends.</param>
    public void Finish(ulong end)
    {
        if (!_scope.Filter.IsNone)
            return;

        foreach ((uint cpu, (ulong thread, ulong since, ulong wakeup)) in _running)
            Write(cpu, thread, since, Math.Max(end, since), wakeup, isOpen: true);
    }

    private void Switch(in TraceEvent sample)
    {
        // A thread records the switch away from it. When another one was to run, samples between are missing.
        (uint cpu, ulong time) = (sample.Cpu, sample.Time);
        if (
            _running.TryGetValue(cpu, out (ulong Thread, ulong Since, ulong Wakeup) before)
            && before.Thread == sample.Thread
            && before.Since <= time
            && (_scope.Filter.IsNone || _scope.Filter.Matches(sample, _scope.Tracepoints))
        )
        {
            Write(cpu, sample.Thread, before.Since, time, before.Wakeup, isOpen: false);
        }

        ulong next = ArgumentOf(sample, _switches);
        _running[cpu] = (next, time, _wakeups?.TakeAtSwitch(next) ?? 0);
    }

    private void Write(uint cpu, ulong thread, ulong begin, ulong end, ulong wakeup, bool isOpen)
    {
        if (!_scope.Range.TryTrim(begin, end, out _))
            return;

        TimelineTrack track = _tracks.Cpu(cpu, isIdle: false);
        var address = new TimelineArgument("thread", $"0x{thread:x}");
        if (wakeup != 0)
            _writer.EndFlow(wakeup);

        if (isOpen)
            _writer.Slice(
                track.Process,
                track.Number,
                begin,
                end - begin,
                _tracks.NameOf(thread),
                address,
                TimelineExport.StillOpen
            );
        else
            _writer.Slice(track.Process, track.Number, begin, end - begin, _tracks.NameOf(thread), address);
    }

    private void Count(in TraceEvent sample)
    {
        _tracks.HasCpus = true;
        long load = (long)Math.Min(ArgumentOf(sample, _loads), long.MaxValue);
        _writer.Counter(
            TimelineTracks.CpuProcess,
            sample.Time,
            $"CPU {sample.Cpu} load",
            new TimelineArgument("threads", load)
        );
    }

    private ulong ArgumentOf(in TraceEvent sample, int[] places)
    {
        var arguments = new PayloadArguments(_scope.Tracepoints[sample.Tracepoint].Layout!, sample.Payload);
        return unchecked((ulong)arguments.GetInteger(places[sample.Tracepoint]));
    }
}
