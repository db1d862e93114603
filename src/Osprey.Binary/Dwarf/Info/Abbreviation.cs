namespace Osprey.Binary.Dwarf.Info;

/// <summary>The tag and attributes that a group of debugging information entries has in common.</summary>
internal sealed class Abbreviation
{
    private readonly AttributeSpecification[] _attributes;
    private readonly SkipStep[] _steps;

    internal Abbreviation(
        ulong code,
        DwarfTag tag,
        bool hasChildren,
        AttributeSpecification[] attributes,
        in UnitEncoding encoding
    )
    {
        Code = code;
        Tag = tag;
        HasChildren = hasChildren;
        _attributes = attributes;
        foreach (AttributeSpecification attribute in attributes)
        {
            HasAddresses |= attribute.Name is DwarfAttribute.LowPc or DwarfAttribute.Ranges;
            IsDeclaration |= attribute is { Name: DwarfAttribute.Declaration, Form: DwarfForm.FlagPresent };
        }

        _steps = PlanSteps(attributes, encoding);
    }

    /// <summary>The number by which entries refer to it.</summary>
    public ulong Code { get; }

    /// <summary>The kind of thing that such entries describe.</summary>
    public DwarfTag Tag { get; }

    /// <summary>True when each such entry is followed by a list of child entries.</summary>
    public bool HasChildren { get; }

    /// <summary>
    /// True when such entries say where their code is: they have a <c>DW_AT_low_pc</c> or <c>DW_AT_ranges</c>.
    /// </summary>
    public bool HasAddresses { get; }

    /// <summary>
    /// True when each such entry says that it only declares something (<c>DW_AT_declaration</c>, without a value).
    /// </summary>
    public bool IsDeclaration { get; }

    /// <summary>The attributes, in the order in which entries store their values.</summary>
    public ReadOnlySpan<AttributeSpecification> Attributes => _attributes;

    /// <summary><see cref="Attributes"/> as an array, for the cursor.</summary>
    internal AttributeSpecification[] AttributeArray => _attributes;

    /// <summary>The steps that skip all values of an entry. Neighbouring values of fixed size are one step.</summary>
    internal SkipStep[] Steps => _steps;

    private static SkipStep[] PlanSteps(AttributeSpecification[] attributes, in UnitEncoding encoding)
    {
        var steps = new ArrayBuilder<SkipStep>();
        int size = 0;
        foreach (AttributeSpecification attribute in attributes)
        {
            int one = FormReader.GetFixedSize(attribute.Form, encoding);
            if (one >= 0)
            {
                size += one;
                continue;
            }

            steps.Add(new SkipStep(size, attribute.Form));
            size = 0;
        }

        if (size > 0)
            steps.Add(new SkipStep(size, DwarfForm.None));

        return steps.ToArray();
    }

    /// <summary>
    /// One step over an entry's values: bytes of fixed size, then at most one value of variable size.
    /// </summary>
    /// <param name="Size">Bytes to skip.</param>
    /// <param name="Form">Form of the value of variable size behind them; none in the last step.</param>
    internal readonly record struct SkipStep(int Size, DwarfForm Form);
}
