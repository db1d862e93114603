using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Tests.Builders.Guests;

/// <summary>Sparse physical memory that is not mapped; counts the reads.</summary>
internal sealed class FakeMemory : IPhysicalMemory
{
    private readonly SortedList<ulong, byte[]> _blocks = [];

    public int Reads { get; private set; }

    public StopGeneration Generation { get; } = new();

    public IReadOnlyList<MemoryBlock> Blocks =>
        [
            .. _blocks.Select(block => new MemoryBlock(
                new PhysicalAddress(block.Key),
                (ulong)block.Value.Length,
                MemoryBlockKind.Ram,
                ""
            )),
        ];

    public FakeMemory Add(ulong address, byte[] bytes)
    {
        _blocks.Add(address, bytes);
        return this;
    }

    /// <summary>Writes to memory that was added before.</summary>
    public void Write(ulong address, ulong value)
    {
        KeyValuePair<ulong, byte[]> block = _blocks.Last(block => block.Key <= address);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(
            block.Value.AsSpan((int)(address - block.Key)),
            value
        );
    }

    public int Read(PhysicalAddress address, Span<byte> buffer)
    {
        Reads++;
        int total = 0;
        while (total < buffer.Length && TryGetByte(address.Value + (ulong)total, out byte value))
            buffer[total++] = value;

        return total;
    }

    private bool TryGetByte(ulong address, out byte value)
    {
        foreach ((ulong start, byte[] bytes) in _blocks)
        {
            if (address >= start && address - start < (ulong)bytes.Length)
            {
                value = bytes[address - start];
                return true;
            }
        }

        value = 0;
        return false;
    }
}
