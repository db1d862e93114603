using System.Globalization;
using Osprey.Target.Memory;

namespace Osprey.Session.Captures.Rings;

/// <summary>
/// Reads a virtqueue out of a guest's memory, while driver and device use it (Virtual I/O Device 1.2, sections 2.7 and
/// 2.8).
/// </summary>
/// <remarks>
/// <para>
/// A buffer has two positions: the number of buffers that were made available before it, and the number of those that
/// were given back before it. Both count up modulo 2^16.
/// </para>
/// <para>
/// Tables are read whole into buffers of ours, and looked at there: nothing changes between a check and the use of what
/// was checked. Everything in them may be anything.
/// </para>
/// </remarks>
internal abstract class VirtqueueRing
{
    /// <summary>Parts of a buffer at most. QEMU takes as many (VIRTQUEUE_MAX_SIZE).</summary>
    public const int MaxParts = 1024;

    protected const int DescriptorSize = 16;
    protected const ushort HasNext = 1; // VIRTQ_DESC_F_NEXT
    protected const ushort Writable = 2; // VIRTQ_DESC_F_WRITE
    protected const ushort Indirect = 4; // VIRTQ_DESC_F_INDIRECT

    private readonly IPhysicalMemory _memory;
    private readonly byte[] _indirect = new byte[MaxParts * DescriptorSize];

    protected VirtqueueRing(IPhysicalMemory memory, Virtqueue queue)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(queue.Size is > 0 and <= 1 << 15, true, nameof(queue));
        _memory = memory;
        Queue = queue;
    }

    /// <summary>The queue.</summary>
    public Virtqueue Queue { get; }

    /// <summary>What happened to the ring that makes counts uncertain, in words.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Makes the one for a queue's format.</summary>
    /// <param name="memory">The guest's memory, which must not be kept from changing by a cache.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="isReceive">Whether the device fills the buffers.</param>
    public static VirtqueueRing Create(IPhysicalMemory memory, Virtqueue queue, bool isReceive) =>
        queue.IsPacked ? new PackedRing(memory, queue, isReceive) : new SplitRing(memory, queue);

    /// <summary>Reads the number of buffers that the driver has made available, modulo 2^16.</summary>
    /// <remarks>A packed ring has both numbers from one look, that of <see cref="TryReadUsedIndex"/>.</remarks>
    public abstract bool TryReadAvailableIndex(out ushort index);

    /// <summary>Reads the number of buffers that the device has given back, modulo 2^16.</summary>
    public abstract bool TryReadUsedIndex(out ushort index);

    /// <summary>Reads what <see cref="GetHead"/> and <see cref="GetBuffer"/> look at.</summary>
    public abstract bool TryReadAvailable();

    /// <summary>Reads what <see cref="GetUsed"/> looks at.</summary>
    public abstract bool TryReadUsed();

    /// <summary>The number by which the device gives back the buffer that was made available at a position.</summary>
    public abstract ushort GetHead(ushort position);

    /// <summary>The buffer that was made available at a position; null when its descriptors are gone.</summary>
    public abstract DescriptorChain? GetBuffer(ushort position);

    /// <summary>The buffer that was given back at a position: its number, and the bytes written.</summary>
    public abstract (uint Head, uint Length) GetUsed(ushort position);

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

    /// <summary>Reads a table of descriptors that one of the queue's names.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="size">Its size, as that descriptor says.</param>
    /// <param name="table">The table, until the next one is read.</param>
    /// <returns>Why it can't be; null when it can.</returns>
    protected string? ReadIndirect(ulong address, uint size, out ReadOnlySpan<byte> table)
    {
        table = [];
        if (size is 0 || size % DescriptorSize != 0)
            return string.Create(CultureInfo.InvariantCulture, $"an indirect table of {size} bytes");

        Span<byte> bytes = _indirect.AsSpan(0, (int)Math.Min(size, (uint)_indirect.Length));
        table = bytes;
        return _memory.Read(new PhysicalAddress(address), bytes) == bytes.Length
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"an indirect table at 0x{address:x}, which can't be read");
    }

    /// <summary>Reads bytes at a place; all or none count.</summary>
    protected bool TryRead(ulong address, uint offset, Span<byte> to) =>
        address <= ulong.MaxValue - offset && _memory.Read(new PhysicalAddress(address + offset), to) == to.Length;
}
