namespace Osprey.Target.Execution;

/// <summary>A guest stopped.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Cpu">The vCPU that it is about, from 0; null when it is not about one, or is not known.</param>
/// <param name="Address">The address of the breakpoint, or the one that was touched; null when there is none.</param>
public sealed record StopEvent(StopReason Reason, int? Cpu = null, ulong? Address = null);
