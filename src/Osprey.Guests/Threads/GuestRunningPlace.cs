namespace Osprey.Guests.Threads;

/// <summary>The place where a kernel keeps which thread a CPU runs: a pointer, read in one go.</summary>
/// <param name="Cpu">The CPU, by the system's number.</param>
/// <param name="Address">
/// Virtual address of the pointer. It leads to what a <see cref="GuestThreadState"/> has as its address or its thread
/// pointer.
/// </param>
public readonly record struct GuestRunningPlace(int Cpu, ulong Address);
