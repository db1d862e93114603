namespace Osprey.Binary.Dwarf;

/// <summary>The length that every table of DWARF starts with; it says whether offsets have 4 or 8 bytes.</summary>
internal static class InitialLength
{
    private const uint Is64Bit = 0xffff_ffff;
    private const uint FirstReserved = 0xffff_fff0;

    /// <exception cref="BadDataException">It is cut short or one of the reserved values.</exception>
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
