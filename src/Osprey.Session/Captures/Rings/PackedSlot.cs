using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Session.Captures.Rings;

/// <summary>A descriptor of a packed ring (Virtual I/O Device 1.2, section 2.8.1).</summary>
/// <param name="Address">Where the buffer, or its table, is.</param>
/// <param name="Length">Its bytes; once it is given back, those that the device wrote.</param>
/// <param name="Id">The buffer's number.</param>
/// <param name="Flags">The flags.</param>
internal readonly record struct PackedSlot(ulong Address, uint Length, ushort Id, ushort Flags)
{
    /// <summary>Bytes of a descriptor.</summary>
    public const int Size = 16;

    /// <summary>Where its flags are.</summary>
    public const int FlagsOffset = 14;

    private const ushort AvailableFlag = 1 << 7; // VIRTQ_DESC_F_AVAIL
    private const ushort UsedFlag = 1 << 15; // VIRTQ_DESC_F_USED

    /// <summary>The round in which the driver wrote it last: true and false in turns.</summary>
    public bool Round => (Flags & AvailableFlag) != 0;

    /// <summary>True when the device has written over it since then, or the driver has never written it.</summary>
    public bool IsUsed => (Flags & UsedFlag) != 0 == Round;

    /// <summary>Reads one of a ring.</summary>
    public static PackedSlot Read(ReadOnlySpan<byte> ring, int index)
    {
        ReadOnlySpan<byte> bytes = ring.Slice(index * Size, Size);
        return new PackedSlot(
            ReadUInt64LittleEndian(bytes),
            ReadUInt32LittleEndian(bytes[8..]),
            ReadUInt16LittleEndian(bytes[12..]),
            ReadUInt16LittleEndian(bytes[FlagsOffset..])
        );
    }
}
