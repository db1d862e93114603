namespace Osprey.Traces.Analyses.Scheduling;

/// <summary>The run queues at one moment.</summary>
/// <param name="Time">Nanoseconds of guest uptime.</param>
/// <param name="Loads">Run queue length by CPU number; null for a CPU not heard of yet.</param>
public readonly record struct CpuLoadRow(ulong Time, IReadOnlyList<ulong?> Loads);
