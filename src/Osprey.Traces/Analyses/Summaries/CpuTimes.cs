namespace Osprey.Traces.Analyses.Summaries;

/// <summary>The first and the last sample of a CPU.</summary>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="First">Time of its earliest sample in nanoseconds.</param>
/// <param name="Last">Time of its latest sample in nanoseconds.</param>
/// <param name="Count">How many samples.</param>
public sealed record CpuTimes(uint Cpu, ulong First, ulong Last, long Count);
