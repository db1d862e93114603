using Osprey.Traces.Analyses;
using Osprey.Traces.Model;

namespace Osprey.Traces.Exports.Chrome;

/// <summary>
/// What the CPUs do, for a trace viewer: who runs, from <c>sched_switch</c>, and the run queue, from <c>sched_load</c>.
/// </summary>
internal sealed class ChromeCpus
{
    private readonly AnalysisScope _scope;
    private readonly ChromeTraceWriter _writer;
    private readonly ChromeTracks _tracks;
    private readonly bool[] _isSwitch;
    private readonly bool[] _isLoad;
    private readonly SortedDictionary<uint, (ulong Thread, ulong Since)> _running = [];

    public ChromeCpus(AnalysisScope scope, ChromeTraceWriter writer, ChromeTracks tracks)
    {
        _scope = scope;
        _writer = writer;
        _tracks = tracks;
        _isSwitch = MaskOf("sched_switch");
        _isLoad = MaskOf("sched_load");
    }

    /// <summary>Whether a sample is shown as a counter and needs no other place.</summary>
    public bool IsLoad(in TraceEvent sample) => _isLoad[sample.Tracepoint];

    /// <summary>Takes the next sample.</summary>
    public void Add(in TraceEvent sample)
    {
        if (_isSwitch[sample.Tracepoint])
            Switch(sample);
        else if (_isLoad[sample.Tracepoint] && _scope.Includes(sample))
            Count(sample);
    }

    /// <summary>
    /// Writes who still runs. A filter goes by the sample of the switch away, which there is none of: with one, nobody
    /// does.
    /// </summary>
    /// <param name="end">When the trace ends.</param>
    public void Finish(ulong end)
    {
        if (!_scope.Filter.IsNone)
            return;

        foreach ((uint cpu, (ulong thread, ulong since)) in _running)
            Write(cpu, thread, since, Math.Max(end, since), isOpen: true);
    }

    private bool[] MaskOf(string name) =>
        [
            .. _scope.Tracepoints.All.Select(tracepoint =>
                tracepoint.Name == name && tracepoint.Layout is { Fields: [{ Type.IsInteger: true }, ..] }
            ),
        ];

    private void Switch(in TraceEvent sample)
    {
        // A thread records the switch away from it. When another one was to run, samples between are missing.
        (uint cpu, ulong time) = (sample.Cpu, sample.Time);
        if (
            _running.TryGetValue(cpu, out (ulong Thread, ulong Since) before)
            && before.Thread == sample.Thread
            && before.Since <= time
            && (_scope.Filter.IsNone || _scope.Filter.Matches(sample, _scope.Tracepoints))
        )
        {
            Write(cpu, sample.Thread, before.Since, time, isOpen: false);
        }

        _running[cpu] = (FirstArgument(sample), time);
    }

    private void Write(uint cpu, ulong thread, ulong begin, ulong end, bool isOpen)
    {
        if (!_scope.Range.TryTrim(begin, end, out _))
            return;

        ChromeTrack track = _tracks.Cpu(cpu, isIdle: false);
        var address = new ChromeTraceArgument("thread", $"0x{thread:x}");
        if (isOpen)
            _writer.Slice(
                track.Process,
                track.Number,
                begin,
                end - begin,
                _tracks.NameOf(thread),
                address,
                ChromeTraceExport.StillOpen
            );
        else
            _writer.Slice(track.Process, track.Number, begin, end - begin, _tracks.NameOf(thread), address);
    }

    private void Count(in TraceEvent sample)
    {
        _tracks.HasCpus = true;
        long load = (long)Math.Min(FirstArgument(sample), long.MaxValue);
        _writer.Counter(
            ChromeTracks.CpuProcess,
            sample.Time,
            $"CPU {sample.Cpu} load",
            new ChromeTraceArgument("threads", load)
        );
    }

    private ulong FirstArgument(in TraceEvent sample) =>
        unchecked(
            (ulong)new PayloadArguments(_scope.Tracepoints[sample.Tracepoint].Layout!, sample.Payload).GetInteger(0)
        );
}
