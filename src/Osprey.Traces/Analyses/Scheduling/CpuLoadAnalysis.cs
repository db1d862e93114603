using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Scheduling;

/// <summary>Follows the length of each CPU's run queue over time.</summary>
public sealed class CpuLoadAnalysis : TraceAnalysis
{
    private const uint MaxCpu = 4095;

    private readonly AnalysisScope _scope;
    private readonly int[] _places;
    private readonly int _cpuCount;
    private readonly Action<CpuLoadRow> _row;
    private readonly List<ulong?> _loads = [];
    private int _known;

    /// <param name="scope">What counts.</param>
    /// <param name="cpuCount">Give no row before so many CPUs are known; 0 for any.</param>
    /// <param name="row">Called for every sample of a load, with a row that is only valid during the call.</param>
    public CpuLoadAnalysis(AnalysisScope scope, int cpuCount, Action<CpuLoadRow> row)
    {
        _scope = scope;
        _cpuCount = cpuCount;
        _row = row;
        _places = scope.ArgumentsOf(TracepointRole.RunQueue);
    }

    /// <summary>A CPU number beyond the count that the user gave, where rows end; null when there is none.</summary>
    public uint? UnexpectedCpu { get; private set; }

    /// <summary>Tells whether the trace's dictionary has a tracepoint for loads at all.</summary>
    public bool HasTracepoint => Array.Exists(_places, place => place >= 0);

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        if (_places[sample.Tracepoint] < 0 || UnexpectedCpu is not null || sample.Cpu > MaxCpu)
            return;

        // Samples before the range still tell the state that the range begins with.
        if (!_scope.Filter.IsNone && !_scope.Filter.Matches(sample, _scope.Tracepoints))
            return;

        int cpu = (int)sample.Cpu;
        while (_loads.Count <= cpu)
            _loads.Add(null);

        if (_loads[cpu] is null)
            _known++;

        _loads[cpu] = unchecked(
            (ulong)
                new PayloadArguments(_scope.Tracepoints[sample.Tracepoint].Layout!, sample.Payload).GetInteger(
                    _places[sample.Tracepoint]
                )
        );
        if (_cpuCount != 0)
        {
            if (_known < _cpuCount)
                return;

            if (_loads.Count > _cpuCount)
            {
                UnexpectedCpu = (uint)(_loads.Count - 1);
                return;
            }
        }

        if (_scope.IsCompat || _scope.Range.Contains(sample.Time))
            _row(new CpuLoadRow(sample.Time, _loads));
    }
}
