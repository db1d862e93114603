namespace Osprey.Binary.Dwarf.Frame;

/// <summary>
/// The sorted table of <c>.eh_frame_hdr</c>: for the start of each piece of code, the entry that describes it (Linux
/// Standard Base, Core, section 10.6.2).
/// </summary>
internal sealed class FrameSearchTable
{
    private const int PairSize = 8;

    private readonly FrameSection _section;
    private readonly int _start;
    private readonly int _count;

    private FrameSearchTable(FrameSection section, int start, int count)
    {
        _section = section;
        _start = start;
        _count = count;
    }

    /// <summary>Opens the table of a section's header; null when there is none that can be searched.</summary>
    public static FrameSearchTable? TryOpen(FrameSection section)
    {
        // Linkers write only this form; for others the index of FrameTable is used.
        const PointerEncoding Usual = PointerEncoding.Data | PointerEncoding.Signed4;
        if (section.Header.Length < 4)
            return null;

        try
        {
            ByteReader reader = OpenHeader(
                section,
                out PointerEncoding start,
                out PointerEncoding count,
                out PointerEncoding table
            );
            if (table != Usual || section.AddressSize != 8)
                return null;

            PointerReader pointers = GetPointers(section);
            if (pointers.Read(ref reader, start) != section.LinkAddress)
                return null;

            ulong pairs = count == PointerEncoding.Omitted ? 0 : pointers.ReadValue(ref reader, count);
            if (pairs == 0 || pairs > (ulong)reader.Remaining / PairSize)
                return null;

            return new FrameSearchTable(section, reader.Position, (int)pairs);
        }
        catch (BadDataException)
        {
            return null; // The entries have the same facts; FrameTable makes an index of them.
        }
    }

    /// <summary>
    /// Reads the link-time address of the section from its header; null when the header does not give it.
    /// </summary>
    /// <exception cref="BadDataException">The header is malformed.</exception>
    public static ulong? ReadSectionAddress(FrameSection section)
    {
        ByteReader reader = OpenHeader(section, out PointerEncoding start, out _, out _);
        return (start & PointerEncoding.Indirect) != 0 ? null : GetPointers(section).Read(ref reader, start);
    }

    /// <summary>
    /// Returns the offset in the section of the last entry that starts at or below an address; -1 when there is none.
    /// </summary>
    /// <param name="linkAddress">The address.</param>
    /// <param name="start">Start of that entry's code, according to the table.</param>
    public int Find(ulong linkAddress, out ulong start)
    {
        ReadOnlySpan<byte> table = _section.Header.Span.Slice(_start, _count * PairSize);
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (ReadAddress(table, middle * PairSize) <= linkAddress)
                low = middle + 1;
            else
                high = middle;
        }

        start = 0;
        if (low == 0)
            return -1;

        start = ReadAddress(table, (low - 1) * PairSize);
        ulong offset = unchecked(ReadAddress(table, ((low - 1) * PairSize) + 4) - _section.LinkAddress);
        return offset < (ulong)_section.Content.Length ? (int)offset : -1;
    }

    /// <summary>True when the table is sorted, as a binary search requires.</summary>
    public bool IsSorted()
    {
        ReadOnlySpan<byte> table = _section.Header.Span.Slice(_start, _count * PairSize);
        ulong last = 0;
        for (int i = 0; i < _count; i++)
        {
            ulong address = ReadAddress(table, i * PairSize);
            if (address < last)
                return false;

            last = address;
        }

        return true;
    }

    private static ByteReader OpenHeader(
        FrameSection section,
        out PointerEncoding start,
        out PointerEncoding count,
        out PointerEncoding table
    )
    {
        var reader = new ByteReader(section.Header.Span, ".eh_frame_hdr", 0, section.IsBigEndian);
        byte version = reader.ReadByte();
        if (version != 1)
            reader.ThrowBad($"version {version}; expected 1");

        start = (PointerEncoding)reader.ReadByte();
        count = (PointerEncoding)reader.ReadByte();
        table = (PointerEncoding)reader.ReadByte();
        return reader;
    }

    private static PointerReader GetPointers(FrameSection section) =>
        new(section.HeaderLinkAddress, section.TextLinkAddress, section.HeaderLinkAddress, section.AddressSize);

    private ulong ReadAddress(ReadOnlySpan<byte> table, int position)
    {
        var reader = new ByteReader(table.Slice(position, 4), ".eh_frame_hdr", 0, _section.IsBigEndian);
        return unchecked(_section.HeaderLinkAddress + (ulong)reader.ReadInt32());
    }
}
