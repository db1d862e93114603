using Osprey.Traces.Analyses.Summaries;

namespace Osprey.Session.Answers.Traces.Summaries;

/// <summary>The answer to: what is in a trace?</summary>
/// <param name="Summary">The counts.</param>
/// <param name="IsTimed">Whether durations are shown.</param>
public sealed record SummaryAnswer(SummaryAnalysis Summary, bool IsTimed)
{
    private static readonly Shape<CpuTimes> s_cpu = new Shape<CpuTimes>("cpus")
        .Integer("cpu", cpu => cpu.Cpu == uint.MaxValue ? null : cpu.Cpu)
        .Integer("samples", cpu => cpu.Count)
        .Time("first", cpu => cpu.First)
        .Time("last", cpu => cpu.Last);

    private static readonly Shape<TracepointCount> s_tracepoint = new Shape<TracepointCount>("tracepoints")
        .Text("name", item => item.Tracepoint.Name)
        .Address("key", item => item.Tracepoint.Key)
        .Integer("count", item => item.Count);

    /// <summary>The columns.</summary>
    public static Shape<SummaryAnswer> Shape { get; } =
        new Shape<SummaryAnswer>("summaries")
            .Integer("samples", answer => answer.Summary.Count)
            .Time("first", answer => answer.Summary.First)
            .Time("last", answer => answer.Summary.Last)
            .Records("cpus", answer => answer.Summary.Cpus, () => s_cpu)
            .Records("tracepoints", answer => answer.Summary.Tracepoints, () => s_tracepoint)
            .Records("timed", answer => answer.IsTimed ? answer.Summary.Durations : null, () => DurationShape.Shape)
            .Optional();
}
