using System.Buffers.Binary;
using System.IO.Compression;

namespace Osprey.Binary.Elf.Compression;

/// <summary>
/// Unpacks compressed debug sections: <c>SHF_COMPRESSED</c> with zlib or zstd, and the older <c>.zdebug_</c> form.
/// </summary>
internal static class SectionDecompressor
{
    /// <summary>zlib packs 1,032 to 1 at best; a section that promises more is lying.</summary>
    private const ulong MaxZlibRatio = 1_100;

    /// <summary>zstd packs a block of 128 KiB into 4 bytes at best.</summary>
    private const ulong MaxZstdRatio = 1 << 15;

    private const uint Zlib = 1; // ELFCOMPRESS_ZLIB
    private const uint Zstd = 2; // ELFCOMPRESS_ZSTD
    private const int OldHeaderSize = 12;

    /// <summary>Unpacks a section with the flag <see cref="ElfSectionFlags.Compressed"/>.</summary>
    /// <exception cref="BadDataException">
    /// It is damaged, over the limits, or packed in a way that can't be read here.
    /// </exception>
    public static byte[] Unpack(ReadOnlyMemory<byte> data, string name, bool bigEndian, ParseLimits limits)
    {
        var reader = new ByteReader(data.Span, name, 0, bigEndian);
        uint kind = reader.ReadUInt32();
        reader.Skip(4);
        ulong size = reader.ReadUInt64();
        reader.Skip(8);
        ReadOnlyMemory<byte> packed = data[reader.Position..];
        switch (kind)
        {
            case Zlib:
                return UnpackZlib(packed, size, name, limits);
            case Zstd:
                RequireSize(size, packed.Length, MaxZstdRatio, name, limits);
                return ZstdLibrary.Unpack(packed.Span, (int)size, name);
            default:
                throw new BadDataException(
                    name,
                    0,
                    $"compression type {kind} is not known; expected 1 (zlib) or 2 (zstd)"
                );
        }
    }

    /// <summary>Whether the bytes start like an old compressed section.</summary>
    public static bool IsOldForm(ReadOnlySpan<byte> data) => data.Length >= OldHeaderSize && data.StartsWith("ZLIB"u8);

    /// <summary>Unpacks a section whose bytes start with <c>ZLIB</c> and a big-endian size.</summary>
    /// <exception cref="BadDataException">It is damaged or over the limits.</exception>
    public static byte[] UnpackOldForm(ReadOnlyMemory<byte> data, string name, ParseLimits limits) =>
        UnpackZlib(data[OldHeaderSize..], BinaryPrimitives.ReadUInt64BigEndian(data.Span[4..]), name, limits);

    private static byte[] UnpackZlib(ReadOnlyMemory<byte> packed, ulong size, string name, ParseLimits limits)
    {
        RequireSize(size, packed.Length, MaxZlibRatio, name, limits);
        byte[] unpacked = new byte[size];
        try
        {
            using var stream = new ZLibStream(new ReadOnlyMemoryStream(packed), CompressionMode.Decompress);
            int count = stream.ReadAtLeast(unpacked, unpacked.Length, throwOnEndOfStream: false);
            if (count != unpacked.Length)
                throw new BadDataException(name, 0, $"expected {size} bytes after decompression, have {count}");
        }
        catch (InvalidDataException e)
        {
            throw new BadDataException(name, 0, $"zlib: {e.Message}");
        }

        return unpacked;
    }

    private static void RequireSize(ulong size, int packedSize, ulong ratio, string name, ParseLimits limits)
    {
        if (size > (ulong)limits.MaxDecompressedSize || size / ratio > (ulong)packedSize + 1)
            throw new BadDataException(
                name,
                0,
                $"{packedSize} compressed bytes can't hold the {size} that are declared"
            );
    }
}
