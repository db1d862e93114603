using Osprey.Binary.Dwarf.Info;

namespace Osprey.Binary.Dwarf.Lists;

/// <summary>
/// Reads the range lists of a unit's entries: <c>.debug_ranges</c> up to version 4, <c>.debug_rnglists</c> in 5.
/// </summary>
internal static class RangeListReader
{
    private const byte EndOfList = 0x00; // DW_RLE_end_of_list
    private const byte BaseAddressIndex = 0x01; // DW_RLE_base_addressx
    private const byte StartEndIndex = 0x02; // DW_RLE_startx_endx
    private const byte StartLengthIndex = 0x03; // DW_RLE_startx_length
    private const byte OffsetPair = 0x04; // DW_RLE_offset_pair
    private const byte BaseAddress = 0x05; // DW_RLE_base_address
    private const byte StartEnd = 0x06; // DW_RLE_start_end
    private const byte StartLength = 0x07; // DW_RLE_start_length

    /// <summary>
    /// Adds the ranges of a list to <paramref name="ranges"/>, except empty ones and those of removed code.
    /// </summary>
    /// <param name="unit">The unit that the value is from.</param>
    /// <param name="value">The value of a <c>DW_AT_ranges</c>.</param>
    /// <param name="ranges">Receives the ranges.</param>
    /// <exception cref="BadDataException">The list is malformed, or the ranges are more than the limit.</exception>
    public static void Read(CompilationUnit unit, in AttributeValue value, AddressRangeList ranges)
    {
        if (unit.Encoding.Version >= 5)
            ReadVersion5(unit, GetOffset(unit, value), ranges);
        else
            ReadVersion4(unit, unchecked(value.Bits + (unit.Skeleton?.Root.RangesBase ?? 0)), ranges);
    }

    private static ulong GetOffset(CompilationUnit unit, in AttributeValue value) =>
        ListOffset.Get(
            unit,
            value,
            DwarfForm.RangeListIndex,
            unit.Owner.Sections.RangeLists,
            ".debug_rnglists",
            unit.Root.RangeListsBase,
            unit.Contribution.RangeLists
        );

    private static void ReadVersion4(CompilationUnit unit, ulong offset, AddressRangeList ranges)
    {
        var reader = new ByteReader(
            unit.Owner.Sections.Ranges.Span,
            ".debug_ranges",
            0,
            unit.Owner.Sections.IsBigEndian
        );
        reader.Seek(offset);
        int size = unit.Encoding.AddressSize;
        ulong highest = unit.Encoding.HighestAddress;
        ulong from = unit.BaseAddress;
        while (true)
        {
            ulong low = reader.ReadUnsigned(size);
            ulong high = reader.ReadUnsigned(size);
            if (low == 0 && high == 0)
                return;

            if (low == highest)
                from = unit.Move(high);
            else if (low < highest - 1)
                Add(unit, ranges, unchecked(from + low) & highest, unchecked(from + high) & highest);
        }
    }

    private static void ReadVersion5(CompilationUnit unit, ulong offset, AddressRangeList ranges)
    {
        var reader = new ByteReader(
            unit.Owner.Sections.RangeLists.Span,
            ".debug_rnglists",
            0,
            unit.Owner.Sections.IsBigEndian
        );
        reader.Seek(offset);
        int size = unit.Encoding.AddressSize;
        ulong highest = unit.Encoding.HighestAddress;
        ulong from = unit.BaseAddress;
        while (true)
        {
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
                case BaseAddress:
                    from = unit.Move(reader.ReadUnsigned(size));
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
                    if (from >= highest - 1)
                        continue;

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
                    reader.ThrowBad($"range list entry of kind {kind}; expected 0 to 7");
                    return;
            }

            if (low < highest - 1)
                Add(unit, ranges, low & highest, high & highest);
        }
    }

    private static void Add(CompilationUnit unit, AddressRangeList ranges, ulong low, ulong high)
    {
        if (ranges.Count >= unit.Owner.Limits.MaxUnitRanges)
            throw new BadDataException(
                ".debug_info",
                (long)unit.Offset,
                $"more than {unit.Owner.Limits.MaxUnitRanges} address ranges"
            );

        if (low < high && unit.Owner.Sections.Code.Contains(low))
            ranges.Add(new AddressRange(low, high));
    }
}
