namespace Osprey.Traces.Analyses.Inventory;

/// <summary>A stretch of time without a sample on one CPU.</summary>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="From">Time of the sample before it in nanoseconds.</param>
/// <param name="To">Time of the sample behind it in nanoseconds.</param>
public readonly record struct TraceGap(uint Cpu, ulong From, ulong To)
{
    /// <summary>The length in nanoseconds.</summary>
    public ulong Length => To - From;
}
