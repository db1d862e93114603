namespace Osprey.Binary.Dwarf.Info;

/// <summary>The shape of a kind of debugging information entry: its tag and its attributes.</summary>
public sealed class Abbreviation
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
            HasAddresses |= attribute.Name is DwarfAttribute.LowPc or DwarfAttribute.Ranges;

        _steps = PlanSteps(attributes, encoding);
    }

    /// <summary>The number that entries name it by.</summary>
    public ulong Code { get; }

    /// <summary>What such entries describe.</summary>
    public DwarfTag Tag { get; }

    /// <summary>Whether entries of its own kind follow below each.</summary>
    public bool HasChildren { get; }

    /// <summary>
    /// Whether such entries say where their code is: they have a <c>DW_AT_low_pc</c> or <c>DW_AT_ranges</c>.
    /// </summary>
    public bool HasAddresses { get; }

    /// <summary>The attributes in the order of their values.</summary>
    public ReadOnlySpan<AttributeSpecification> Attributes => _attributes;

    /// <summary>As <see cref="Attributes"/>, for the cursor.</summary>
    internal AttributeSpecification[] AttributeArray => _attributes;

    /// <summary>How to get over all values at once: what lies between them is added up.</summary>
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

    /// <summary>Bytes of fixed size, and a value behind them whose form tells its size; none for the last.</summary>
    internal readonly record struct SkipStep(int Size, DwarfForm Form);
}
