namespace Osprey.Traces.Rings;

/// <summary>The place of a CPU's ring, and of the record in memory that describes it.</summary>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="HeaderAddress">Address of the record that describes the ring.</param>
/// <param name="HeaderSize">The record's size in bytes.</param>
/// <param name="LastOffset">
/// Offset in that record of the number of bytes that were ever written to the ring, 8 bytes; it never goes back.
/// </param>
/// <param name="Base">Address of the ring's first byte; 0 when the ring was not allocated.</param>
/// <param name="Size">The ring's size in bytes, a power of two; 0 when the ring was not allocated.</param>
public readonly record struct RingPlace(
    int Cpu,
    ulong HeaderAddress,
    int HeaderSize,
    int LastOffset,
    ulong Base,
    ulong Size
)
{
    /// <summary>
    /// Tells whether there is a ring at all: the guest allocates them with its first enabled tracepoint.
    /// </summary>
    public bool IsAllocated => Base != 0 && Size != 0;
}
