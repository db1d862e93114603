namespace Osprey.Binary.Dwarf.Lists;

/// <summary>Reads <c>.debug_aranges</c>: the addresses that each unit covers.</summary>
internal static class AddressRangeTable
{
    /// <summary>Reads all sets of the section; a set has the ranges of one unit.</summary>
    /// <param name="section">The section's bytes.</param>
    /// <param name="bigEndian">True when the file is big-endian.</param>
    /// <param name="ranges">Receives the ranges; it keeps those read before an error.</param>
    /// <param name="units">
    /// Receives the offsets of the units that have a set, in stored order, also of those with no ranges.
    /// </param>
    /// <exception cref="BadDataException">A set is malformed.</exception>
    public static void Read(
        ReadOnlySpan<byte> section,
        bool bigEndian,
        List<UnitAddressRange> ranges,
        List<ulong> units
    )
    {
        var reader = new ByteReader(section, ".debug_aranges", 0, bigEndian);
        while (!reader.IsAtEnd)
        {
            long start = reader.Offset;
            ulong length = InitialLength.Read(ref reader, out byte offsetSize);
            ByteReader set = reader.Split(length);
            ushort version = set.ReadUInt16();
            if (version != 2)
                throw new BadDataException(".debug_aranges", start, $"version {version}; expected 2");

            ulong unit = set.ReadUnsigned(offsetSize);
            byte addressSize = set.ReadByte();
            byte segmentSize = set.ReadByte();
            if (!Info.FormReader.IsAddressSize(addressSize) || segmentSize != 0)
                set.ThrowBad($"addresses of {addressSize} bytes with segments of {segmentSize}");

            units.Add(unit);
            int headerSize = (int)(set.Offset - start);
            int pairSize = 2 * addressSize;
            set.Skip(Math.Min((ulong)((pairSize - (headerSize % pairSize)) % pairSize), (ulong)set.Remaining));
            while (set.Remaining >= pairSize)
            {
                ulong low = set.ReadUnsigned(addressSize);
                ulong size = set.ReadUnsigned(addressSize);
                if (low == 0 && size == 0)
                    break;

                if (size != 0 && size <= ulong.MaxValue - low)
                    ranges.Add(new UnitAddressRange(low, low + size, unit));
            }
        }
    }
}
