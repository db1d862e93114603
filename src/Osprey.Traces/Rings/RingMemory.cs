namespace Osprey.Traces.Rings;

/// <summary>Reads the memory that rings lie in: a guest's kernel's, by virtual address.</summary>
/// <param name="address">The first byte.</param>
/// <param name="buffer">Receives the bytes.</param>
/// <returns>The bytes read, from the buffer's start; fewer than asked for where memory can't be read.</returns>
public delegate int RingMemory(ulong address, Span<byte> buffer);
