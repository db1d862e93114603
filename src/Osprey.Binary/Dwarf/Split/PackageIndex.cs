namespace Osprey.Binary.Dwarf.Split;

/// <summary>
/// Reads <c>.debug_cu_index</c> and <c>.debug_tu_index</c> of a package (<c>.dwp</c>; DWARF 5, section 7.3.5): for each
/// unit, the places in the package's sections that its offsets count from.
/// </summary>
/// <remarks>
/// A package is what the <c>.dwo</c> files of a program become when they are put into one file: their sections, one
/// behind the other, and this index. Version 2 is the form before the standard; its columns have other numbers.
/// </remarks>
internal static class PackageIndex
{
    private const int MaxColumns = 16;

    private const uint Info = 1; // DW_SECT_INFO
    private const uint Types = 2; // DW_SECT_TYPES, version 2 only
    private const uint Abbreviations = 3; // DW_SECT_ABBREV
    private const uint Line = 4; // DW_SECT_LINE
    private const uint Locations = 5; // DW_SECT_LOC, DW_SECT_LOCLISTS
    private const uint StringOffsets = 6; // DW_SECT_STR_OFFSETS
    private const uint RangeLists = 8; // DW_SECT_RNGLISTS; in version 2, macros

    /// <summary>Reads an index; an empty one has no units.</summary>
    /// <param name="section">The section's bytes.</param>
    /// <param name="name">The section's name, for errors.</param>
    /// <param name="bigEndian">True when the file is big-endian.</param>
    /// <param name="inTypes">True for the units of <c>.debug_types.dwo</c>, false for others.</param>
    /// <param name="limits">Limits on what the index may declare.</param>
    /// <returns>The units by their offsets.</returns>
    /// <exception cref="BadDataException">The index is malformed.</exception>
    public static Dictionary<ulong, UnitContribution> Read(
        ReadOnlySpan<byte> section,
        string name,
        bool bigEndian,
        bool inTypes,
        ParseLimits limits
    )
    {
        var units = new Dictionary<ulong, UnitContribution>();
        if (section.IsEmpty)
            return units;

        var reader = new ByteReader(section, name, 0, bigEndian);
        ushort version = reader.ReadUInt16();
        ushort rest = reader.ReadUInt16();
        if (bigEndian && version == 0)
            version = rest;

        if (version is not (2 or 5))
            throw new BadDataException(name, 0, $"version {version}; expected 2 or 5");

        uint columns = reader.ReadUInt32();
        uint count = reader.ReadUInt32();
        uint slots = reader.ReadUInt32();
        if (count == 0)
            return units;

        if (columns is 0 or > MaxColumns || count > (uint)limits.MaxUnits)
            reader.ThrowBad($"{columns} columns and {count} units");

        ulong[] ids = ReadIds(ref reader, slots, count);
        uint[] kinds = new uint[columns];
        for (int i = 0; i < kinds.Length; i++)
            kinds[i] = reader.ReadUInt32();

        ulong[] offsets = new ulong[RangeLists + 1];
        for (int row = 0; row < ids.Length; row++)
        {
            Array.Clear(offsets);
            bool isHere = false;
            foreach (uint kind in kinds)
            {
                ulong offset = reader.ReadUInt32();
                isHere |= kind == (inTypes ? Types : Info);
                if (kind < (uint)offsets.Length)
                    offsets[kind] = offset;
            }

            if (!isHere)
                continue;

            ulong unit = offsets[inTypes ? Types : Info];
            units.TryAdd(
                unit,
                new UnitContribution(
                    ids[row],
                    unit,
                    offsets[Abbreviations],
                    offsets[Line],
                    offsets[Locations],
                    offsets[StringOffsets],
                    version >= 5 ? offsets[RangeLists] : 0
                )
            );
        }

        return units;
    }

    /// <summary>Reads the hash table: the number of the unit of each row.</summary>
    private static ulong[] ReadIds(ref ByteReader reader, uint slots, uint count)
    {
        ByteReader signatures = reader.Split(slots * 8UL);
        ByteReader rows = reader.Split(slots * 4UL);
        ulong[] ids = new ulong[count];
        while (!rows.IsAtEnd)
        {
            ulong id = signatures.ReadUInt64();
            uint row = rows.ReadUInt32();
            if (row > count)
                rows.ThrowBad($"row {row} of {count}");

            if (row > 0)
                ids[row - 1] = id;
        }

        return ids;
    }
}
