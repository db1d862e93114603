using Osprey.Binary.Dwarf.Info;

namespace Osprey.Binary.Dwarf.Lists;

// How location lists work. A variable often has no single place: it is in a register for some instructions, on the
// stack for others, and gone after its last use. Its DW_AT_location then refers to a list (DWARF 5, section 2.6.2):
// ranges of addresses, each with an expression that holds while the program counter is in the range.
//
// The bytes differ by version. Up to 4 they are in .debug_loc: pairs of addresses relative to the unit's base address,
// the expression behind each pair; a pair of the highest address and an address sets another base, a pair of zeros ends
// the list. In 5 they are in .debug_loclists: entries with a kind, which store addresses directly, by index into
// .debug_addr, as offsets from the base, or as start and length. This reader makes one form of all of them: a range of
// link-time addresses, and the place of the expression in the section. Expressions are not copied and not looked at.
//
// * Entries are given out in stored order, and ranges may overlap: the caller decides which one counts.
//   DW_LLE_default_location, which counts where no other does, is marked as such, since it can stand anywhere.
// * Linkers mark code that they removed by the highest address, or the one below it (0 would end a list of version 4).
//   Entries there are left out; in version 5 so are offsets from a base that was removed.
// * Arithmetic wraps within the size of an address, as the linker's did; a range that is empty after that is left out.
// * A list has no length, so the number of entries is limited, and each read is checked against the section's end.

/// <summary>
/// Reads the location lists of a unit's entries: <c>.debug_loc</c> up to version 4, <c>.debug_loclists</c> in 5.
/// </summary>
internal static class LocationListReader
{
    private const byte EndOfList = 0x00; // DW_LLE_end_of_list
    private const byte BaseAddressIndex = 0x01; // DW_LLE_base_addressx
    private const byte StartEndIndex = 0x02; // DW_LLE_startx_endx
    private const byte StartLengthIndex = 0x03; // DW_LLE_startx_length
    private const byte OffsetPair = 0x04; // DW_LLE_offset_pair
    private const byte DefaultLocation = 0x05; // DW_LLE_default_location
    private const byte BaseAddress = 0x06; // DW_LLE_base_address
    private const byte StartEnd = 0x07; // DW_LLE_start_end
    private const byte StartLength = 0x08; // DW_LLE_start_length
    private const byte GnuViewPair = 0x09; // DW_LLE_GNU_view_pair

    /// <summary>Returns the section that holds a unit's location lists.</summary>
    public static ReadOnlyMemory<byte> GetSection(CompilationUnit unit) =>
        unit.Encoding.Version >= 5 ? unit.Owner.Sections.LocationLists : unit.Owner.Sections.Locations;

    /// <summary>
    /// Passes the entries of a list to <paramref name="visit"/>, except those that cover no address or removed code.
    /// </summary>
    /// <param name="unit">The unit that the value is from.</param>
    /// <param name="value">The value of a <c>DW_AT_location</c>, or of another attribute with a location list.</param>
    /// <param name="visit">Receives the entries in stored order.</param>
    /// <exception cref="BadDataException">The list is malformed, or has more entries than the limit.</exception>
    public static void Read(CompilationUnit unit, in AttributeValue value, LocationRangeVisitor visit)
    {
        if (unit.Encoding.Version >= 5)
            ReadVersion5(unit, GetOffset(unit, value), visit);
        else if (unit.Owner.Program is not null)
            ReadSplitVersion4(unit, unchecked(value.Bits + unit.Contribution.Locations), visit);
        else
            ReadVersion4(unit, value.Bits, visit);
    }

    private static ulong GetOffset(CompilationUnit unit, in AttributeValue value) =>
        ListOffset.Get(
            unit,
            value,
            DwarfForm.LocationListIndex,
            unit.Owner.Sections.LocationLists,
            ".debug_loclists",
            unit.Root.LocationListsBase,
            unit.Contribution.Locations
        );

    private static void ReadVersion4(CompilationUnit unit, ulong offset, LocationRangeVisitor visit)
    {
        var reader = new ByteReader(
            unit.Owner.Sections.Locations.Span,
            ".debug_loc",
            0,
            unit.Owner.Sections.IsBigEndian
        );
        reader.Seek(offset);
        int size = unit.Encoding.AddressSize;
        ulong highest = unit.Encoding.HighestAddress;
        ulong from = unit.BaseAddress;
        for (int count = 0; ; count++)
        {
            Limit(unit, ref reader, count);
            ulong low = reader.ReadUnsigned(size);
            ulong high = reader.ReadUnsigned(size);
            if (low == 0 && high == 0)
                return;

            if (low == highest)
            {
                from = unit.Move(high);
                continue;
            }

            ulong length = reader.ReadUInt16();
            int expression = reader.Position;
            reader.Skip(length);
            if (low < highest - 1)
                Visit(
                    visit,
                    unchecked(from + low) & highest,
                    unchecked(from + high) & highest,
                    expression,
                    (int)length
                );
        }
    }

    /// <summary>Reads the form of GNU tools before DWARF 5, in <c>.debug_loc.dwo</c>.</summary>
    private static void ReadSplitVersion4(CompilationUnit unit, ulong offset, LocationRangeVisitor visit)
    {
        var reader = new ByteReader(
            unit.Owner.Sections.Locations.Span,
            ".debug_loc.dwo",
            0,
            unit.Owner.Sections.IsBigEndian
        );
        reader.Seek(offset);
        ulong highest = unit.Encoding.HighestAddress;
        ulong from = unit.BaseAddress;
        for (int count = 0; ; count++)
        {
            Limit(unit, ref reader, count);
            ulong low;
            ulong high;
            byte kind = reader.ReadByte();
            switch (kind)
            {
                case EndOfList:
                    return;
                case BaseAddressIndex:
                    from = unit.GetAddressAt(reader.ReadUleb128());
                    continue;
                case StartEndIndex:
                    low = unit.GetAddressAt(reader.ReadUleb128());
                    high = unit.GetAddressAt(reader.ReadUleb128());
                    break;
                case StartLengthIndex:
                    low = unit.GetAddressAt(reader.ReadUleb128());
                    high = unchecked(low + reader.ReadUInt32());
                    break;
                case OffsetPair:
                    low = unchecked(from + reader.ReadUInt32());
                    high = unchecked(from + reader.ReadUInt32());
                    break;
                default:
                    reader.ThrowBad($"location list entry of kind {kind}; expected 0 to 4");
                    return;
            }

            ulong length = reader.ReadUInt16();
            int expression = reader.Position;
            reader.Skip(length);
            if (low < highest - 1)
                Visit(visit, low & highest, high & highest, expression, (int)length);
        }
    }

    private static void ReadVersion5(CompilationUnit unit, ulong offset, LocationRangeVisitor visit)
    {
        var reader = new ByteReader(
            unit.Owner.Sections.LocationLists.Span,
            ".debug_loclists",
            0,
            unit.Owner.Sections.IsBigEndian
        );
        reader.Seek(offset);
        int size = unit.Encoding.AddressSize;
        ulong highest = unit.Encoding.HighestAddress;
        ulong from = unit.BaseAddress;
        for (int count = 0; ; count++)
        {
            Limit(unit, ref reader, count);
            ulong low = 0;
            ulong high = 0;
            bool isRemoved = false;
            byte kind = reader.ReadByte();
            switch (kind)
            {
                case EndOfList:
                    return;
                case BaseAddressIndex:
                    from = unit.GetAddressAt(reader.ReadUleb128());
                    continue;
                case BaseAddress:
                    from = unit.Move(reader.ReadUnsigned(size));
                    continue;
                case GnuViewPair:
                    reader.ReadUleb128();
                    reader.ReadUleb128();
                    continue;
                case StartEndIndex:
                    low = unit.GetAddressAt(reader.ReadUleb128());
                    high = unit.GetAddressAt(reader.ReadUleb128());
                    break;
                case StartLengthIndex:
                    low = unit.GetAddressAt(reader.ReadUleb128());
                    high = unchecked(low + reader.ReadUleb128());
                    break;
                case OffsetPair:
                    low = unchecked(from + reader.ReadUleb128());
                    high = unchecked(from + reader.ReadUleb128());
                    isRemoved = from >= highest - 1;
                    break;
                case DefaultLocation:
                    break;
                case StartEnd:
                    low = unit.Move(reader.ReadUnsigned(size));
                    high = unit.Move(reader.ReadUnsigned(size));
                    break;
                case StartLength:
                    low = unit.Move(reader.ReadUnsigned(size));
                    high = unchecked(low + reader.ReadUleb128());
                    break;
                default:
                    reader.ThrowBad($"location list entry of kind {kind}; expected 0 to 9");
                    return;
            }

            ulong length = reader.ReadUleb128();
            int expression = reader.Position;
            reader.Skip(length);
            if (kind == DefaultLocation)
                visit(new AddressRange(0, highest), true, expression, (int)length);
            else if (!isRemoved && low < highest - 1)
                Visit(visit, low & highest, high & highest, expression, (int)length);
        }
    }

    private static void Limit(CompilationUnit unit, ref ByteReader reader, int count)
    {
        if (count >= unit.Owner.Limits.MaxUnitRanges)
            reader.ThrowBad($"more than {unit.Owner.Limits.MaxUnitRanges} entries in a location list");
    }

    private static void Visit(LocationRangeVisitor visit, ulong low, ulong high, int expression, int size)
    {
        if (low < high)
            visit(new AddressRange(low, high), false, expression, size);
    }
}
