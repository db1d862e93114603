using Osprey.Target.Memory;

namespace Osprey.Session.Guests;

/// <summary>Physical memory read by plain numbers.</summary>
internal sealed class PhysicalReader(IPhysicalMemory memory) : IMemoryReader
{
    public int Read(ulong address, Span<byte> buffer) => memory.Read(new PhysicalAddress(address), buffer);
}
