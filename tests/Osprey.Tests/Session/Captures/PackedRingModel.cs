using Osprey.Session.Captures.Rings;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Tests.Session.Captures;

/// <summary>A packed queue in a memory of ours, with both of its users: the driver and the device.</summary>
/// <param name="memory">Where.</param>
/// <param name="queue">The queue.</param>
internal sealed class PackedRingModel(RingMemory memory, Virtqueue queue)
{
    public const ushort Next = 1;
    public const ushort Write = 2;
    public const ushort Indirect = 4;
    private const int Available = 1 << 7;
    private const int Used = 1 << 15;

    private readonly Dictionary<ushort, int> _counts = [];
    private int _driver;
    private int _device;

    /// <summary>Whether another buffer of some descriptors can be offered.</summary>
    public bool HasRoom(int count) => _driver - _device + count <= queue.Size;

    /// <summary>Offers a buffer; the first descriptor becomes valid last.</summary>
    public void Offer(ushort id, params (ulong Address, int Size, ushort Flags)[] parts)
    {
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            Span<byte> slot = Slot(_driver + i);
            WriteUInt64LittleEndian(slot, parts[i].Address);
            WriteUInt32LittleEndian(slot[8..], (uint)parts[i].Size);
            WriteUInt16LittleEndian(slot[12..], id);
            int flags = parts[i].Flags | (i < parts.Length - 1 ? Next : 0);
            WriteUInt16LittleEndian(slot[14..], (ushort)(flags | (IsFirstRound(_driver + i) ? Available : Used)));
        }

        _counts[id] = parts.Length;
        _driver += parts.Length;
    }

    /// <summary>Gives a buffer back.</summary>
    public void GiveBack(ushort id, int length = 0)
    {
        Span<byte> slot = Slot(_device);
        WriteUInt32LittleEndian(slot[8..], (uint)length);
        WriteUInt16LittleEndian(slot[12..], id);
        WriteUInt16LittleEndian(slot[14..], (ushort)(IsFirstRound(_device) ? Available | Used : 0));
        _device += _counts.GetValueOrDefault(id, 1);
    }

    public void Put(ulong address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(memory.Bytes.AsSpan((int)address));

    private bool IsFirstRound(int position) => position / queue.Size % 2 == 0;

    private Span<byte> Slot(int position) =>
        memory.Bytes.AsSpan((int)queue.Descriptors + (position % queue.Size * 16), 16);
}
