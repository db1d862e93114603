using Osprey.Target.Memory;

namespace Osprey.Guests.Programs;

/// <summary>A kernel's image by its virtual addresses, read without page tables: it lies in one piece.</summary>
/// <param name="memory">Physical memory.</param>
/// <param name="shift">The value that is added to a physical address to get the virtual one, modulo 2^64.</param>
internal sealed class KernelImageReader(IPhysicalMemory memory, ulong shift) : IMemoryReader
{
    public int Read(ulong address, Span<byte> buffer) =>
        memory.Read(new PhysicalAddress(unchecked(address - shift)), buffer);
}
