namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// The attributes of a unit's first entry, which describe the whole unit. Values are as stored; the unit decodes them.
/// </summary>
internal sealed class UnitRoot
{
    public DwarfTag Tag { get; private set; }

    public AttributeValue? Name { get; private set; }

    public AttributeValue? CompilationDirectory { get; private set; }

    public AttributeValue? Producer { get; private set; }

    public AttributeValue? LineProgram { get; private set; }

    public AttributeValue? LowPc { get; private set; }

    public AttributeValue? HighPc { get; private set; }

    public AttributeValue? Ranges { get; private set; }

    public AttributeValue? SplitName { get; private set; }

    public ulong? SplitId { get; private set; }

    public ulong RangesBase { get; private set; }

    public ulong? StringOffsetsBase { get; private set; }

    public ulong? AddressBase { get; private set; }

    public ulong? RangeListsBase { get; private set; }

    public ulong? LocationListsBase { get; private set; }

    public int Language { get; private set; }

    /// <summary>Reads the first entry of a unit; no value is set when the unit has no entry.</summary>
    /// <exception cref="BadDataException">The entry is malformed.</exception>
    public static UnitRoot Read(CompilationUnit unit)
    {
        var root = new UnitRoot();
        var cursor = new DieCursor(unit, unit.FirstEntryOffset);
        if (!cursor.MoveNext())
            return root;

        root.Tag = cursor.Tag;
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            switch (name)
            {
                case DwarfAttribute.Name:
                    root.Name = value;
                    break;
                case DwarfAttribute.CompilationDirectory:
                    root.CompilationDirectory = value;
                    break;
                case DwarfAttribute.Producer:
                    root.Producer = value;
                    break;
                case DwarfAttribute.LineProgram:
                    root.LineProgram = value;
                    break;
                case DwarfAttribute.LowPc:
                    root.LowPc = value;
                    break;
                case DwarfAttribute.HighPc:
                    root.HighPc = value;
                    break;
                case DwarfAttribute.Ranges:
                    root.Ranges = value;
                    break;
                case DwarfAttribute.SplitName or DwarfAttribute.GnuSplitName:
                    root.SplitName = value;
                    break;
                case DwarfAttribute.GnuSplitId:
                    root.SplitId = value.Bits;
                    break;
                case DwarfAttribute.GnuRangesBase:
                    root.RangesBase = value.Bits;
                    break;
                case DwarfAttribute.StringOffsetsBase:
                    root.StringOffsetsBase = value.Bits;
                    break;
                case DwarfAttribute.AddressBase or DwarfAttribute.GnuAddressBase:
                    root.AddressBase = value.Bits;
                    break;
                case DwarfAttribute.RangeListsBase:
                    root.RangeListsBase = value.Bits;
                    break;
                case DwarfAttribute.LocationListsBase:
                    root.LocationListsBase = value.Bits;
                    break;
                case DwarfAttribute.Language:
                    root.Language = value.AsInt32() ?? 0;
                    break;
            }
        }

        return root;
    }
}
