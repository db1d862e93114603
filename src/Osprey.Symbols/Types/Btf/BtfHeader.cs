using System.Buffers.Binary;
using Osprey.Binary;

namespace Osprey.Symbols.Types.Btf;

/// <summary>The header of a BTF blob: the places of its types and of its strings, counted from its end.</summary>
/// <param name="IsBigEndian">True when the blob's numbers are big-endian.</param>
/// <param name="Size">Size of the header in bytes.</param>
/// <param name="TypeOffset">Bytes from the header's end to the types.</param>
/// <param name="TypeSize">Size of the types in bytes.</param>
/// <param name="StringOffset">Bytes from the header's end to the strings.</param>
/// <param name="StringSize">Size of the strings in bytes.</param>
public readonly record struct BtfHeader(
    bool IsBigEndian,
    uint Size,
    uint TypeOffset,
    uint TypeSize,
    uint StringOffset,
    uint StringSize
)
{
    /// <summary>Size of the header of version 1, the only one there is.</summary>
    public const int MinSize = 24;

    private const ushort Magic = 0xeb9f;
    private const byte Version = 1;

    /// <summary>The size of the whole blob: header, types and strings.</summary>
    public ulong TotalSize => Size + Math.Max((ulong)TypeOffset + TypeSize, (ulong)StringOffset + StringSize);

    /// <summary>True when bytes begin with BTF's magic number, in either byte order.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 2
        && (
            BinaryPrimitives.ReadUInt16LittleEndian(bytes) == Magic
            || BinaryPrimitives.ReadUInt16BigEndian(bytes) == Magic
        );

    /// <summary>Reads the header at the front of a blob; the blob itself need not be there.</summary>
    /// <param name="bytes">The first bytes of the blob.</param>
    /// <param name="source">The blob's name, for errors.</param>
    /// <exception cref="BadDataException">The bytes are no header of BTF, or its parts do not fit together.</exception>
    public static BtfHeader Parse(ReadOnlySpan<byte> bytes, string source)
    {
        if (!HasMagic(bytes))
            throw new BadDataException(source, 0, "no BTF: its magic number 0xeb9f is missing");

        bool isBigEndian = bytes[0] == Magic >> 8;
        var reader = new ByteReader(bytes, source, 0, isBigEndian);
        reader.Skip(sizeof(ushort));
        if (reader.ReadByte() is not Version and byte version)
            reader.ThrowBad($"version {version} of BTF, expected {Version}");

        reader.Skip(1); // flags, of which none is defined
        uint size = reader.ReadUInt32();
        if (size < MinSize)
            reader.ThrowBad($"a header of {size} bytes, expected at least {MinSize}");

        var header = new BtfHeader(
            isBigEndian,
            size,
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32(),
            reader.ReadUInt32()
        );
        if (header.TypeOffset % 4 != 0)
            reader.ThrowBad($"types at offset 0x{header.TypeOffset:x}, which is no multiple of 4");

        if (header.StringOffset < (ulong)header.TypeOffset + header.TypeSize)
            reader.ThrowBad($"strings at offset 0x{header.StringOffset:x}, within the types");

        return header;
    }
}
