namespace Osprey.Binary.Dwarf.Info;

/// <summary>The abbreviations of a unit, by code.</summary>
internal sealed class AbbreviationTable
{
    /// <summary>Abbreviations whose code is their position plus 1: nearly every compiler numbers them so.</summary>
    private readonly Abbreviation[] _counted;

    // Those with any other code.
    private readonly Dictionary<ulong, Abbreviation>? _others;

    private AbbreviationTable(Abbreviation[] counted, Dictionary<ulong, Abbreviation>? others)
    {
        _counted = counted;
        _others = others;
    }

    /// <summary>Finds the abbreviation of a code; null when there is none.</summary>
    public Abbreviation? Find(ulong code) =>
        unchecked(code - 1) < (ulong)_counted.Length ? _counted[(int)(code - 1)] : _others?.GetValueOrDefault(code);

    /// <summary>Reads the table that starts at <paramref name="offset"/> of <c>.debug_abbrev</c>.</summary>
    /// <exception cref="BadDataException">The table is malformed.</exception>
    public static AbbreviationTable Parse(
        ReadOnlySpan<byte> section,
        ulong offset,
        in UnitEncoding encoding,
        bool bigEndian,
        ParseLimits limits
    )
    {
        var reader = new ByteReader(section, ".debug_abbrev", 0, bigEndian);
        reader.Seek(offset);
        var counted = new ArrayBuilder<Abbreviation>();
        Dictionary<ulong, Abbreviation>? others = null;
        var attributes = new ArrayBuilder<AttributeSpecification>();
        var steps = new ArrayBuilder<Abbreviation.SkipStep>();
        while (true)
        {
            ulong code = reader.ReadUleb128();
            if (code == 0)
                return new AbbreviationTable(counted.ToArray(), others);

            if (counted.Count + (others?.Count ?? 0) >= limits.MaxAbbreviations)
                reader.ThrowBad($"more than {limits.MaxAbbreviations} abbreviations");

            ulong tag = reader.ReadUleb128();
            if (tag > ushort.MaxValue)
                reader.ThrowBad($"tag 0x{tag:x} is over 16 bits");

            bool hasChildren = reader.ReadByte() != 0;
            ReadAttributes(ref reader, ref attributes, limits);
            var abbreviation = new Abbreviation(
                code,
                (DwarfTag)tag,
                hasChildren,
                attributes.ToArray(),
                encoding,
                ref steps
            );
            if (code == (ulong)counted.Count + 1)
                counted.Add(abbreviation);
            else
                (others ??= []).TryAdd(code, abbreviation);
        }
    }

    private static void ReadAttributes(
        ref ByteReader reader,
        ref ArrayBuilder<AttributeSpecification> attributes,
        ParseLimits limits
    )
    {
        attributes.Clear();
        while (true)
        {
            ulong name = reader.ReadUleb128();
            ulong number = reader.ReadUleb128();
            if (name == 0 && number == 0)
                return;

            if (name > ushort.MaxValue)
                reader.ThrowBad($"attribute 0x{name:x} is over 16 bits");

            if (attributes.Count >= limits.MaxAttributes)
                reader.ThrowBad($"more than {limits.MaxAttributes} attributes in one abbreviation");

            DwarfForm form = FormReader.ToForm(ref reader, number);
            long constant = form == DwarfForm.ImplicitConstant ? reader.ReadSleb128() : 0;
            attributes.Add(new AttributeSpecification((DwarfAttribute)name, form, constant));
        }
    }
}
