using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Lists;

namespace Osprey.Symbols.Index;

/// <summary>Reads the address range of a pair of <c>DW_AT_low_pc</c> and <c>DW_AT_high_pc</c>.</summary>
internal static class UnitRanges
{
    /// <summary>Adds the range, unless it is empty or of code that the linker removed.</summary>
    /// <exception cref="Osprey.Binary.BadDataException">A value is not an address.</exception>
    public static void Add(CompilationUnit unit, in AttributeValue low, in AttributeValue high, AddressRangeList ranges)
    {
        ulong start = unit.GetAddress(low);
        ulong highest = unit.Encoding.HighestAddress;
        if (start >= highest - 1)
            return;

        ulong end = high.IsAddress ? unit.GetAddress(high) : unchecked(start + high.Bits) & highest;
        if (start < end && unit.Owner.Sections.Code.Contains(start))
            ranges.Add(new AddressRange(start, end));
    }
}
