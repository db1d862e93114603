namespace Osprey.Binary.Dwarf.Info;

/// <summary>The shape of a kind of debugging information entry: its tag and its attributes.</summary>
public sealed class Abbreviation
{
    private readonly AttributeSpecification[] _attributes;

    internal Abbreviation(ulong code, DwarfTag tag, bool hasChildren, AttributeSpecification[] attributes, in UnitEncoding encoding)
    {
        Code = code;
        Tag = tag;
        HasChildren = hasChildren;
        _attributes = attributes;
        int size = 0;
        foreach (AttributeSpecification attribute in attributes)
            HasAddresses |= attribute.Name is DwarfAttribute.LowPc or DwarfAttribute.Ranges;

        foreach (AttributeSpecification attribute in attributes)
        {
            int one = FormReader.GetFixedSize(attribute.Form, encoding);
            if (one < 0)
            {
                size = -1;
                break;
            }

            size += one;
        }

        FixedSize = size;
    }

    /// <summary>The number that entries name it by.</summary>
    public ulong Code { get; }

    /// <summary>What such entries describe.</summary>
    public DwarfTag Tag { get; }

    /// <summary>Whether entries of its own kind follow below each.</summary>
    public bool HasChildren { get; }

    /// <summary>Whether such entries say where their code is: they have a <c>DW_AT_low_pc</c> or <c>DW_AT_ranges</c>.</summary>
    public bool HasAddresses { get; }

    /// <summary>The attributes in the order of their values.</summary>
    public ReadOnlySpan<AttributeSpecification> Attributes => _attributes;

    /// <summary>Bytes of all values together, or -1 when that differs from entry to entry.</summary>
    internal int FixedSize { get; }
}
