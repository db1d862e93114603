using System.Globalization;
using Osprey.Target.Memory;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Session.Captures.Rings;

/// <summary>Reads a split virtqueue (Virtual I/O Device 1.2, section 2.7).</summary>
/// <remarks>Its positions are the indices of its two rings.</remarks>
internal sealed class SplitRing : VirtqueueRing
{
    private const int RingHeaderSize = 4; // flags, then the index
    private const int IndexOffset = 2;
    private const int UsedSize = 8;

    private readonly byte[] _descriptors;
    private readonly byte[] _available;
    private readonly byte[] _used;

    /// <param name="memory">The guest's memory, which must not be kept from changing by a cache.</param>
    /// <param name="queue">The queue.</param>
    public SplitRing(IPhysicalMemory memory, Virtqueue queue)
        : base(memory, queue)
    {
        _descriptors = new byte[queue.Size * DescriptorSize];
        _available = new byte[queue.Size * sizeof(ushort)];
        _used = new byte[queue.Size * UsedSize];
    }

    /// <inheritdoc/>
    public override bool TryReadAvailableIndex(out ushort index) => TryReadIndex(Queue.Available, out index);

    /// <inheritdoc/>
    public override bool TryReadUsedIndex(out ushort index) => TryReadIndex(Queue.Used, out index);

    /// <inheritdoc/>
    public override bool TryReadAvailable() =>
        TryRead(Queue.Available, RingHeaderSize, _available) & TryRead(Queue.Descriptors, 0, _descriptors);

    /// <inheritdoc/>
    public override bool TryReadUsed() => TryRead(Queue.Used, RingHeaderSize, _used);

    /// <inheritdoc/>
    public override ushort GetHead(ushort position) =>
        ReadUInt16LittleEndian(_available.AsSpan(position % Queue.Size * sizeof(ushort)));

    /// <inheritdoc/>
    public override (uint Head, uint Length) GetUsed(ushort position)
    {
        ReadOnlySpan<byte> element = _used.AsSpan(position % Queue.Size * UsedSize, UsedSize);
        return (ReadUInt32LittleEndian(element), ReadUInt32LittleEndian(element[sizeof(uint)..]));
    }

    /// <summary>Follows a chain of descriptors in the table that was read. Bounded; a circle is a problem.</summary>
    public override DescriptorChain GetBuffer(ushort position)
    {
        var parts = new List<BufferPart>(2);
        var indexes = new List<ushort>(2);
        string? problem = FollowTable(_descriptors, GetHead(position), parts, indexes);
        return new DescriptorChain(parts, indexes, problem);
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

    private string? FollowIndirect(ulong address, uint size, List<BufferPart> parts) =>
        ReadIndirect(address, size, out ReadOnlySpan<byte> table) ?? FollowTable(table, 0, parts, null);

    private bool TryReadIndex(ulong ring, out ushort index)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        bool isRead = TryRead(ring, IndexOffset, bytes);
        index = isRead ? ReadUInt16LittleEndian(bytes) : (ushort)0;
        Thread.MemoryBarrier(); // what the index stands for is read after it
        return isRead;
    }
}
