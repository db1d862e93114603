using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Scheduling;

/// <summary>The length of each CPU's run queue over time, from <c>sched_load</c> (trace-cli section 3.4).</summary>
public sealed class CpuLoadAnalysis : TraceAnalysis
{
    private const uint MaxCpu = 4095;

    private readonly AnalysisScope _scope;
    private readonly bool[] _isLoad;
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
        _isLoad =
        [
            .. scope.Tracepoints.All.Select(tracepoint =>
                tracepoint.Name == "sched_load"
                && tracepoint.Layout is { } layout
                && layout.Fields.Length > 0
                && layout.Fields[0].Type.IsInteger
            ),
        ];
    }

    /// <summary>A CPU number beyond the count that the user gave; null when all were within. Rows end there.</summary>
    public uint? UnexpectedCpu { get; private set; }

    /// <summary>Whether the trace's dictionary has the tracepoint at all.</summary>
    public bool HasTracepoint => Array.IndexOf(_isLoad, true) >= 0;

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        if (!_isLoad[sample.Tracepoint] || UnexpectedCpu is not null || sample.Cpu > MaxCpu)
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
            (ulong)new PayloadArguments(_scope.Tracepoints[sample.Tracepoint].Layout!, sample.Payload).GetInteger(0)
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
