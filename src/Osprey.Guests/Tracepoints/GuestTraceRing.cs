namespace Osprey.Guests.Tracepoints;

/// <summary>The buffer of one CPU that the kernel's tracepoints write samples to, as a ring.</summary>
/// <param name="Cpu">The system's number for the CPU.</param>
/// <param name="HeaderAddress">Address of the object that describes the ring.</param>
/// <param name="HeaderSize">That object's size in bytes.</param>
/// <param name="LastOffset">Offset in that object of the number of bytes that were ever written to the ring.</param>
/// <param name="Base">Address of the ring's first byte; 0 when it is not allocated yet.</param>
/// <param name="Size">The ring's size in bytes; 0 when it is not allocated yet.</param>
public sealed record GuestTraceRing(
    int Cpu,
    ulong HeaderAddress,
    int HeaderSize,
    int LastOffset,
    ulong Base,
    ulong Size
);
