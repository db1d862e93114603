using Osprey.Session.Captures.Rings;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Tests.Session.Captures;

/// <summary>A queue in a memory of ours, with both of its users: the driver and the device.</summary>
/// <param name="memory">Where.</param>
/// <param name="queue">The queue.</param>
internal sealed class RingModel(RingMemory memory, Virtqueue queue)
{
    public const ushort Next = 1;
    public const ushort Write = 2;
    public const ushort Indirect = 4;

    public Virtqueue Queue => queue;

    /// <summary>Buffers offered so far.</summary>
    public ushort Available { get; private set; }

    /// <summary>Buffers given back so far.</summary>
    public ushort Used { get; private set; }

    /// <summary>A queue whose tables follow each other from an address on.</summary>
    public static RingModel At(RingMemory memory, int number, int size, ulong address) =>
        new(memory, new Virtqueue(number, size, address, address + (ulong)(16 * size), address + 0x8000));

    /// <summary>Starts the indices elsewhere.</summary>
    public RingModel From(ushort index)
    {
        Available = index;
        Used = index;
        WriteUInt16LittleEndian(Slice(queue.Available + 2), index);
        WriteUInt16LittleEndian(Slice(queue.Used + 2), index);
        return this;
    }

    public void SetDescriptor(int index, ulong address, int size, ushort flags = 0, int next = 0) =>
        SetEntry(queue.Descriptors + (ulong)(16 * index), address, (uint)size, flags, next);

    public void SetEntry(ulong place, ulong address, uint size, ushort flags, int next)
    {
        WriteUInt64LittleEndian(Slice(place), address);
        WriteUInt32LittleEndian(Slice(place + 8), size);
        WriteUInt16LittleEndian(Slice(place + 12), flags);
        WriteUInt16LittleEndian(Slice(place + 14), (ushort)next);
    }

    /// <summary>Offers the buffer that begins with a descriptor.</summary>
    public void Offer(int head)
    {
        WriteUInt16LittleEndian(Slice(queue.Available + 4 + (ulong)(Available % queue.Size * 2)), (ushort)head);
        Available = unchecked((ushort)(Available + 1));
        WriteUInt16LittleEndian(Slice(queue.Available + 2), Available);
    }

    /// <summary>Gives a buffer back.</summary>
    public void GiveBack(uint head, int length = 0) => GiveBack([(head, length)]);

    /// <summary>Gives buffers back at once.</summary>
    public void GiveBack(IReadOnlyList<(uint Head, int Length)> buffers)
    {
        foreach ((uint head, int length) in buffers)
        {
            ulong place = queue.Used + 4 + (ulong)(Used % queue.Size * 8);
            WriteUInt32LittleEndian(Slice(place), head);
            WriteUInt32LittleEndian(Slice(place + 4), (uint)length);
            Used = unchecked((ushort)(Used + 1));
        }

        WriteUInt16LittleEndian(Slice(queue.Used + 2), Used);
    }

    public void Put(ulong address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Slice(address));

    private Span<byte> Slice(ulong address) => memory.Bytes.AsSpan((int)address);
}
