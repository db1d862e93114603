using Osprey.Values;

namespace Osprey.Guests.PerCpu;

/// <summary>A CPU's own copy of a variable.</summary>
/// <param name="Cpu">The system's number for the CPU.</param>
/// <param name="Value">The copy.</param>
public sealed record GuestCpuValue(int Cpu, Value Value);
