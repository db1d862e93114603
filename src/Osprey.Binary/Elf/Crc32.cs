namespace Osprey.Binary.Elf;

/// <summary>The CRC-32 that <c>.gnu_debuglink</c> uses (polynomial 0xedb88320, as in zlib).</summary>
public static class Crc32
{
    private const int Slices = 8;

    private static readonly uint[] s_table = BuildTable();

    /// <summary>
    /// Computes the checksum of <paramref name="data"/>, or of all earlier bytes and <paramref name="data"/>.
    /// </summary>
    /// <param name="data">The bytes, which follow those of earlier calls.</param>
    /// <param name="previous">The result of the call for the earlier bytes; 0 at the start.</param>
    public static uint Compute(ReadOnlySpan<byte> data, uint previous = 0)
    {
        uint[] table = s_table;
        uint crc = ~previous;
        while (data.Length >= Slices)
        {
            uint low = crc ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data);
            uint high = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc =
                table[0x700 + (low & 0xff)]
                ^ table[0x600 + ((low >> 8) & 0xff)]
                ^ table[0x500 + ((low >> 16) & 0xff)]
                ^ table[0x400 + (low >> 24)]
                ^ table[0x300 + (high & 0xff)]
                ^ table[0x200 + ((high >> 8) & 0xff)]
                ^ table[0x100 + ((high >> 16) & 0xff)]
                ^ table[high >> 24];
            data = data[Slices..];
        }

        foreach (byte item in data)
            crc = table[(crc ^ item) & 0xff] ^ (crc >> 8);

        return ~crc;
    }

    /// <summary>Computes the checksum of a whole source.</summary>
    public static uint Compute(ByteSource source)
    {
        byte[] buffer = new byte[1 << 16];
        uint crc = 0;
        for (long offset = 0; ; )
        {
            int count = source.Read(offset, buffer);
            if (count == 0)
                return crc;

            crc = Compute(buffer.AsSpan(0, count), crc);
            offset += count;
        }
    }

    private static uint[] BuildTable()
    {
        uint[] table = new uint[256 * Slices];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? 0xedb88320 ^ (value >> 1) : value >> 1;

            table[i] = value;
        }

        for (int i = 256; i < table.Length; i++)
            table[i] = table[table[i - 256] & 0xff] ^ (table[i - 256] >> 8);

        return table;
    }
}
