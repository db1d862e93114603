using System.Buffers.Binary;
using System.IO.Compression;

namespace Osprey.Binary.Elf.Compression;

// Debug sections are compressed in three ways. A section with the flag SHF_COMPRESSED starts with a header (System V
// ABI, "Compression Header"): the method, zlib or zstd, and the size of the content. The older form of GNU tools has no
// flag: the section's name starts with .zdebug_ and its bytes with "ZLIB" and the size.
//
// The size comes from the file, and a buffer of that size is allocated before the first byte is decompressed. A file of
// a few bytes could so make this process allocate gigabytes. Hence two checks before the allocation: the size against
// ParseLimits, and its ratio to the compressed bytes against the best ratio that the method can reach. After that the
// content must have exactly the declared size.
//
// A section is decompressed once, when it is first asked for, and stays with its ElfImage: debug info is read at random
// places, and the decompressors only run front to back. A section that is not compressed is never copied; it is a slice
// of the mapped file.
//
// zlib comes from the class library. That has no zstd, so the system's libzstd is called where it exists; without it
// the section's content is a BadDataException that names the package to install.

/// <summary>
/// Decompresses debug sections: <c>SHF_COMPRESSED</c> with zlib or zstd, and the older <c>.zdebug_</c> form.
/// </summary>
internal static class SectionDecompressor
{
    /// <summary>
    /// Highest plausible ratio of zlib, which reaches 1,032 to 1 at best; a section that declares more is damaged.
    /// </summary>
    private const ulong MaxZlibRatio = 1_100;

    /// <summary>Highest plausible ratio of zstd, which packs a block of 128 KiB into 4 bytes at best.</summary>
    private const ulong MaxZstdRatio = 1 << 15;

    private const uint Zlib = 1; // ELFCOMPRESS_ZLIB
    private const uint Zstd = 2; // ELFCOMPRESS_ZSTD
    private const int OldHeaderSize = 12;

    /// <summary>Decompresses a section with the flag <see cref="ElfSectionFlags.Compressed"/>.</summary>
    /// <exception cref="BadDataException">
    /// The section is damaged, over a limit, or compressed by a method that is not supported here.
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

    /// <summary>True when the bytes start like those of an old compressed section.</summary>
    public static bool IsOldForm(ReadOnlySpan<byte> data) => data.Length >= OldHeaderSize && data.StartsWith("ZLIB"u8);

    /// <summary>
    /// Decompresses a section whose bytes start with <c>ZLIB</c> and the size as a big-endian number.
    /// </summary>
    /// <exception cref="BadDataException">The section is damaged or over a limit.</exception>
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
