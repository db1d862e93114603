using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Lists;

namespace Osprey.Symbols.Index;

/// <summary>
/// The attributes of an entry that give the addresses of its code, kept until the whole entry is read.
/// </summary>
internal struct AddressAttributes
{
    private AttributeValue? _low;
    private AttributeValue? _high;
    private AttributeValue? _ranges;

    /// <summary>True when the entry says where its code is, be it removed code.</summary>
    public readonly bool IsGiven => (_low is not null && _high is not null) || _ranges is not null;

    /// <summary>Keeps an attribute's value if it is one of these.</summary>
    public void Take(DwarfAttribute name, in AttributeValue value)
    {
        switch (name)
        {
            case DwarfAttribute.LowPc:
                _low = value;
                break;
            case DwarfAttribute.HighPc:
                _high = value;
                break;
            case DwarfAttribute.Ranges:
                _ranges = value;
                break;
        }
    }

    /// <summary>
    /// Adds the ranges of the code, except empty ones and those of code that the linker removed; none when the entry
    /// gives no addresses.
    /// </summary>
    /// <exception cref="Osprey.Binary.BadDataException">
    /// A value is not an address, or the range list is malformed or exceeds the limit.
    /// </exception>
    public readonly void AddTo(AddressRangeList ranges, CompilationUnit unit)
    {
        if (_low is { } low && _high is { } high)
            UnitRanges.Add(unit, low, high, ranges);
        else if (_ranges is { } list)
            RangeListReader.Read(unit, list, ranges);
    }
}
