using Osprey.Binary;
using Osprey.Traces.Merging;

namespace Osprey.Traces.Formats;

/// <summary>The way to read a trace.</summary>
public sealed record TraceReadOptions
{
    /// <summary>The order of samples of equal time on several CPUs, where the format leaves it open.</summary>
    public MergeOrder MergeOrder { get; init; } = MergeOrder.TimeThenCpu;

    /// <summary>Bounds on what the input may declare.</summary>
    public ParseLimits Limits { get; init; } = ParseLimits.Default;
}
