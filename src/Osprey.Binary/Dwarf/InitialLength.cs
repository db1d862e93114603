namespace Osprey.Binary.Dwarf;

/// <summary>
/// Reads the length that every table of DWARF starts with; it says whether offsets have 4 or 8 bytes.
/// </summary>
internal static class InitialLength
{
    private const uint Is64Bit = 0xffff_ffff;
    private const uint FirstReserved = 0xffff_fff0;

    /// <summary>Reads the length.</summary>
    /// <param name="reader">Is behind the length afterwards.</param>
    /// <param name="offsetSize">Size of the table's offsets in bytes: 4 or 8.</param>
    /// <returns>Bytes of the table behind the length.</returns>
    /// <exception cref="BadDataException">The length is cut short, or has a reserved value.</exception>
    public static ulong Read(ref ByteReader reader, out byte offsetSize)
    {
        uint length = reader.ReadUInt32();
        if (length == Is64Bit)
        {
            offsetSize = 8;
            return reader.ReadUInt64();
        }

        if (length >= FirstReserved)
            reader.ThrowBad($"length 0x{length:x} is reserved");

        offsetSize = 4;
        return length;
    }
}
