using Osprey.Target.Memory;

namespace Osprey.Tests.Session.Captures;

/// <summary>A guest's memory from address 0 on, which a test writes.</summary>
internal sealed class RingMemory : IPhysicalMemory
{
    public const int Size = 1 << 20;

    public byte[] Bytes { get; } = new byte[Size];

    /// <summary>Called before each read, to change something meanwhile.</summary>
    public Action<ulong>? Reading { get; set; }

    public IReadOnlyList<MemoryBlock> Blocks { get; } =
    [new MemoryBlock(new PhysicalAddress(0), Size, MemoryBlockKind.Ram, "ram")];

    public int Read(PhysicalAddress address, Span<byte> buffer)
    {
        Reading?.Invoke(address.Value);
        if (address.Value >= Size)
            return 0;

        int count = (int)Math.Min((ulong)buffer.Length, Size - address.Value);
        Bytes.AsSpan((int)address.Value, count).CopyTo(buffer);
        return count;
    }
}
