using Osprey.Binary.Compression;

namespace Osprey.Binary.Boot;

/// <summary>
/// Reads a file of the program <c>lzop</c>, as kernels read it (lib/decompress_unlzo.c): a header, and blocks with both
/// sizes and checksums before them. A size of 0 is the end.
/// </summary>
internal static class Lzop
{
    private const int MaxBlock = 64 << 20; // lzop's own limit
    private const ushort FirstWithMoreFields = 0x940;
    private const uint Adler32OfData = 0x1; // F_ADLER32_D
    private const uint Adler32OfPacked = 0x2; // F_ADLER32_C
    private const uint HasExtra = 0x40; // F_H_EXTRA_FIELD
    private const uint Crc32OfData = 0x100; // F_CRC32_D
    private const uint Crc32OfPacked = 0x200; // F_CRC32_C
    private const uint HasFilter = 0x800; // F_H_FILTER

    /// <summary>The first bytes.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'L', (byte)'Z', (byte)'O', 0, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Unpacks all.</summary>
    /// <param name="packed">The file; what follows its end is not looked at.</param>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="limit">The most that may come out.</param>
    /// <exception cref="InvalidDataException">It is damaged, or more would come out.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, MemoryStream output, int limit)
    {
        try
        {
            UnpackBlocks(packed, output, limit);
        }
        catch (BadDataException)
        {
            throw new InvalidDataException("the compressed data end too early");
        }
    }

    private static void UnpackBlocks(ReadOnlySpan<byte> packed, MemoryStream output, int limit)
    {
        var reader = new ByteReader(packed, "lzop", 0, bigEndian: true);
        uint flags = ReadHeader(ref reader);
        byte[] block = [];
        while (reader.ReadUInt32() is > 0 and uint size)
        {
            uint packedSize = reader.ReadUInt32();
            if (size > MaxBlock || packedSize > size)
                throw new InvalidDataException($"a block of {size} bytes in {packedSize}");

            if (output.Length + size > limit)
                throw new InvalidDataException($"more than {limit} bytes came out of it");

            bool isStored = packedSize == size;
            reader.Skip(CountChecksums(flags, Adler32OfData, Crc32OfData));
            if (!isStored)
                reader.Skip(CountChecksums(flags, Adler32OfPacked, Crc32OfPacked));

            ReadOnlySpan<byte> bytes = reader.ReadBytes(packedSize);
            if (isStored)
            {
                output.Write(bytes);
                continue;
            }

            if (block.Length < size)
                block = new byte[size];

            if (!Lzo.TryUnpack(bytes, block.AsSpan(0, (int)size), out int count) || count != size)
                throw new InvalidDataException("the compressed bytes are malformed");

            output.Write(block, 0, count);
        }
    }

    private static uint ReadHeader(ref ByteReader reader)
    {
        reader.Skip((uint)Magic.Length);
        ushort version = reader.ReadUInt16();
        bool hasMore = version >= FirstWithMoreFields;
        reader.Skip(sizeof(ushort)); // the library's version
        if (hasMore)
            reader.Skip(sizeof(ushort)); // the version needed

        reader.Skip(1); // method
        if (hasMore)
            reader.Skip(1); // level

        uint flags = reader.ReadUInt32();
        if ((flags & HasFilter) != 0)
            reader.Skip(sizeof(uint));

        reader.Skip(2 * sizeof(uint)); // mode, time
        if (hasMore)
            reader.Skip(sizeof(uint)); // the time's upper half

        reader.Skip(reader.ReadByte()); // name
        reader.Skip(sizeof(uint)); // checksum
        if ((flags & HasExtra) != 0)
        {
            reader.Skip(reader.ReadUInt32());
            reader.Skip(sizeof(uint)); // its checksum
        }

        return flags;
    }

    private static uint CountChecksums(uint flags, uint one, uint other) =>
        ((flags & one) != 0 ? sizeof(uint) : 0u) + ((flags & other) != 0 ? sizeof(uint) : 0u);
}
