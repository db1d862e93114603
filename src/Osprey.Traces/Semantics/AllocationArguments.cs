namespace Osprey.Traces.Semantics;

/// <summary>The arguments of a tracepoint for allocations, by index.</summary>
/// <param name="Allocator">The allocator that the tracepoint belongs to.</param>
/// <param name="Buffer">The address of the memory.</param>
/// <param name="Requested">The bytes that were asked for.</param>
/// <param name="Allocated">The bytes that were set aside.</param>
/// <param name="Alignment">The alignment in bytes.</param>
public sealed record AllocationArguments(string Allocator, int Buffer, int Requested, int Allocated, int Alignment);
