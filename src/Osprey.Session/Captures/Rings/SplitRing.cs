using System.Globalization;
using Osprey.Target.Memory;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Session.Captures.Rings;

/// <summary>
/// Reads a split virtqueue out of a guest's memory, while driver and device use it (Virtual I/O Device 1.2, section
/// 2.7).
/// </summary>
/// <remarks>
/// Tables are read whole into buffers of ours, one read each, and looked at there: nothing changes between a check and
/// the use of what was checked. Everything in them may be anything.
/// </remarks>
internal sealed class SplitRing
{
    /// <summary>Parts of a buffer at most. QEMU takes as many (VIRTQUEUE_MAX_SIZE).</summary>
    public const int MaxParts = 1024;

    private const int DescriptorSize = 16;
    private const int RingHeaderSize = 4; // flags, then the index
    private const int IndexOffset = 2;
    private const int UsedSize = 8;
    private const ushort HasNext = 1; // VIRTQ_DESC_F_NEXT
    private const ushort Writable = 2; // VIRTQ_DESC_F_WRITE
    private const ushort Indirect = 4; // VIRTQ_DESC_F_INDIRECT

    private readonly IPhysicalMemory _memory;
    private readonly byte[] _descriptors;
    private readonly byte[] _available;
    private readonly byte[] _used;
    private readonly byte[] _indirect = new byte[MaxParts * DescriptorSize];

    /// <param name="memory">The guest's memory, which must not be kept from changing by a cache.</param>
    /// <param name="queue">The queue.</param>
    public SplitRing(IPhysicalMemory memory, Virtqueue queue)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(queue.Size is > 0 and <= 1 << 15, true, nameof(queue));
        _memory = memory;
        Queue = queue;
        _descriptors = new byte[queue.Size * DescriptorSize];
        _available = new byte[queue.Size * sizeof(ushort)];
        _used = new byte[queue.Size * UsedSize];
    }

    /// <summary>The queue.</summary>
    public Virtqueue Queue { get; }

    /// <summary>Reads the number of buffers that the driver has made available, modulo 2^16.</summary>
    public bool TryReadAvailableIndex(out ushort index) => TryReadIndex(Queue.Available, out index);

    /// <summary>Reads the number of buffers that the device has given back, modulo 2^16.</summary>
    public bool TryReadUsedIndex(out ushort index) => TryReadIndex(Queue.Used, out index);

    /// <summary>Reads the available ring, for <see cref="GetHead"/>.</summary>
    public bool TryReadAvailable() => TryRead(Queue.Available, RingHeaderSize, _available);

    /// <summary>Reads the used ring, for <see cref="GetUsed"/>.</summary>
    public bool TryReadUsed() => TryRead(Queue.Used, RingHeaderSize, _used);

    /// <summary>Reads the descriptor table, for <see cref="Follow"/>.</summary>
    public bool TryReadDescriptors() => TryRead(Queue.Descriptors, 0, _descriptors);

    /// <summary>The first descriptor of the buffer that was made available as the one of this number.</summary>
    public ushort GetHead(ushort position) =>
        ReadUInt16LittleEndian(_available.AsSpan(position % Queue.Size * sizeof(ushort)));

    /// <summary>The buffer that was given back as the one of this number: first descriptor, bytes written.</summary>
    public (uint Head, uint Length) GetUsed(ushort position)
    {
        ReadOnlySpan<byte> element = _used.AsSpan(position % Queue.Size * UsedSize, UsedSize);
        return (ReadUInt32LittleEndian(element), ReadUInt32LittleEndian(element[sizeof(uint)..]));
    }

    /// <summary>Follows a chain of descriptors in the table that was read. Bounded; a circle is a problem.</summary>
    public DescriptorChain Follow(uint head)
    {
        var parts = new List<BufferPart>(2);
        var indexes = new List<ushort>(2);
        string? problem = FollowTable(_descriptors, head, parts, indexes);
        return new DescriptorChain(parts, indexes, problem);
    }

    /// <summary>Copies a buffer's bytes, of the parts that the device reads or of those that it writes.</summary>
    /// <param name="chain">The buffer.</param>
    /// <param name="isWritable">Which parts.</param>
    /// <param name="to">Takes the bytes.</param>
    /// <returns>The bytes copied; fewer than there is room for where the parts end, or are no memory.</returns>
    public int Copy(DescriptorChain chain, bool isWritable, Span<byte> to)
    {
        int done = 0;
        foreach (BufferPart part in chain.Parts)
        {
            if (part.IsWritable != isWritable || part.Size == 0)
                continue;

            int size = (int)Math.Min(part.Size, (uint)(to.Length - done));
            int count = _memory.Read(new PhysicalAddress(part.Address), to.Slice(done, size));
            done += count;
            if (count < size || done == to.Length)
                break;
        }

        return done;
    }

    private string? FollowTable(ReadOnlySpan<byte> table, uint head, List<BufferPart> parts, List<ushort>? indexes)
    {
        int count = table.Length / DescriptorSize;
        uint index = head;
        for (int steps = 0; steps < count && parts.Count < MaxParts; steps++)
        {
            if (index >= count)
                return string.Create(CultureInfo.InvariantCulture, $"descriptor {index} of {count}");

            ReadOnlySpan<byte> descriptor = table.Slice((int)index * DescriptorSize, DescriptorSize);
            ulong address = ReadUInt64LittleEndian(descriptor);
            uint size = ReadUInt32LittleEndian(descriptor[8..]);
            ushort flags = ReadUInt16LittleEndian(descriptor[12..]);
            indexes?.Add((ushort)index);
            if ((flags & Indirect) == 0)
                parts.Add(new BufferPart(address, size, (flags & Writable) != 0));
            else if (indexes is null)
                return "an indirect table within another";
            else if (FollowIndirect(address, size, parts) is { } problem)
                return problem;

            if ((flags & HasNext) == 0)
                return null;

            index = ReadUInt16LittleEndian(descriptor[14..]);
        }

        return parts.Count < MaxParts ? "a chain of descriptors without an end" : $"a chain of over {MaxParts} parts";
    }

    private string? FollowIndirect(ulong address, uint size, List<BufferPart> parts)
    {
        if (size is 0 || size % DescriptorSize != 0)
            return string.Create(CultureInfo.InvariantCulture, $"an indirect table of {size} bytes");

        Span<byte> table = _indirect.AsSpan(0, (int)Math.Min(size, (uint)_indirect.Length));
        return _memory.Read(new PhysicalAddress(address), table) == table.Length
            ? FollowTable(table, 0, parts, null)
            : string.Create(CultureInfo.InvariantCulture, $"an indirect table at 0x{address:x}, which can't be read");
    }

    private bool TryReadIndex(ulong ring, out ushort index)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        bool isRead = TryRead(ring, IndexOffset, bytes);
        index = isRead ? ReadUInt16LittleEndian(bytes) : (ushort)0;
        Thread.MemoryBarrier(); // what the index stands for is read after it
        return isRead;
    }

    private bool TryRead(ulong address, uint offset, Span<byte> to) =>
        address <= ulong.MaxValue - offset && _memory.Read(new PhysicalAddress(address + offset), to) == to.Length;
}
