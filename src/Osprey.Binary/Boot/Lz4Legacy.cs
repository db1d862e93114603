using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace Osprey.Binary.Boot;

/// <summary>
/// Reads the legacy frame of the program <c>lz4</c> (its doc/lz4_Frame_format.md), which kernels are packed in: a magic
/// number, and blocks of at most 8 MiB with their packed size before them.
/// </summary>
internal static class Lz4Legacy
{
    private const int BlockSize = 8 << 20;

    /// <summary>The first bytes.</summary>
    public static ReadOnlySpan<byte> Magic => [0x02, 0x21, 0x4c, 0x18];

    /// <summary>Unpacks all.</summary>
    /// <param name="packed">The frame, with nothing behind it.</param>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="limit">The most that may come out.</param>
    /// <exception cref="InvalidDataException">It is damaged, or more would come out.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, MemoryStream output, int limit)
    {
        byte[] block = new byte[BlockSize];
        int at = 0;
        while (at < packed.Length)
        {
            // Frames may follow one another.
            if (packed[at..].StartsWith(Magic))
            {
                at += Magic.Length;
                continue;
            }

            if (packed.Length - at < sizeof(uint))
                throw new InvalidDataException("the compressed data end too early");

            uint size = BinaryPrimitives.ReadUInt32LittleEndian(packed[at..]);
            at += sizeof(uint);
            if (size > (uint)(packed.Length - at))
                throw new InvalidDataException("the compressed data end too early");

            int count = LZ4Codec.Decode(packed.Slice(at, (int)size), block);
            if (count < 0)
                throw new InvalidDataException("the compressed bytes are malformed");

            if (output.Length + count > limit)
                throw new InvalidDataException($"more than {limit} bytes came out of it");

            output.Write(block, 0, count);
            at += (int)size;
        }
    }
}
