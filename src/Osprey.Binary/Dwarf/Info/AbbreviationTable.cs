namespace Osprey.Binary.Dwarf.Info;

/// <summary>The abbreviations of a unit, by code.</summary>
/// <remarks>
/// A table has hundreds, of which a question needs a few: all are checked at first, and each is made when an entry has
/// it. Thread-safe: one that two threads make at once is made twice, which does no harm.
/// </remarks>
internal sealed class AbbreviationTable
{
    private readonly ReadOnlyMemory<byte> _section;
    private readonly UnitEncoding _encoding;
    private readonly bool _isBigEndian;

    /// <summary>
    /// Where the abbreviations are whose code is their position plus 1: nearly every compiler numbers them so.
    /// </summary>
    private readonly ulong[] _countedOffsets;
    private readonly Abbreviation?[] _counted;

    // Those with any other code.
    private readonly Dictionary<ulong, Abbreviation>? _others;

    private AbbreviationTable(
        ReadOnlyMemory<byte> section,
        ulong offset,
        in UnitEncoding encoding,
        bool bigEndian,
        ParseLimits limits
    )
    {
        _section = section;
        _encoding = encoding;
        _isBigEndian = bigEndian;
        var reader = new ByteReader(section.Span, ".debug_abbrev", 0, bigEndian);
        reader.Seek(offset);
        var counted = new ArrayBuilder<ulong>();
        while (true)
        {
            ulong start = (ulong)reader.Offset;
            ulong code = reader.ReadUleb128();
            if (code == 0)
                break;

            if (counted.Count + (_others?.Count ?? 0) >= limits.MaxAbbreviations)
                reader.ThrowBad($"more than {limits.MaxAbbreviations} abbreviations");

            Check(ref reader, limits);
            if (code == (ulong)counted.Count + 1)
                counted.Add(start);
            else
                (_others ??= []).TryAdd(code, Make(start));
        }

        _countedOffsets = counted.ToArray();
        _counted = new Abbreviation?[_countedOffsets.Length];
    }

    /// <summary>Finds the abbreviation of a code; null when there is none.</summary>
    public Abbreviation? Find(ulong code)
    {
        ulong index = unchecked(code - 1);
        return index < (ulong)_counted.Length
            ? _counted[index] ??= Make(_countedOffsets[index])
            : _others?.GetValueOrDefault(code);
    }

    /// <summary>Reads the table that starts at <paramref name="offset"/> of <c>.debug_abbrev</c>.</summary>
    /// <exception cref="BadDataException">The table is malformed.</exception>
    public static AbbreviationTable Parse(
        ReadOnlyMemory<byte> section,
        ulong offset,
        in UnitEncoding encoding,
        bool bigEndian,
        ParseLimits limits
    ) => new(section, offset, encoding, bigEndian, limits);

    /// <summary>Goes over what stands behind an abbreviation's code.</summary>
    /// <exception cref="BadDataException">It is malformed.</exception>
    private static void Check(ref ByteReader reader, ParseLimits limits)
    {
        ulong tag = reader.ReadUleb128();
        if (tag > ushort.MaxValue)
            reader.ThrowBad($"tag 0x{tag:x} is over 16 bits");

        reader.ReadByte();
        for (int count = 0; TryReadAttribute(ref reader, out _); count++)
        {
            if (count >= limits.MaxAttributes)
                reader.ThrowBad($"more than {limits.MaxAttributes} attributes in one abbreviation");
        }
    }

    private static bool TryReadAttribute(ref ByteReader reader, out AttributeSpecification attribute)
    {
        ulong name = reader.ReadUleb128();
        ulong number = reader.ReadUleb128();
        attribute = default;
        if (name == 0 && number == 0)
            return false;

        if (name > ushort.MaxValue)
            reader.ThrowBad($"attribute 0x{name:x} is over 16 bits");

        DwarfForm form = FormReader.ToForm(ref reader, number);
        long constant = form == DwarfForm.ImplicitConstant ? reader.ReadSleb128() : 0;
        attribute = new AttributeSpecification((DwarfAttribute)name, form, constant);
        return true;
    }

    /// <summary>Makes an abbreviation out of bytes that were checked.</summary>
    private Abbreviation Make(ulong offset)
    {
        var reader = new ByteReader(_section.Span, ".debug_abbrev", 0, _isBigEndian);
        reader.Seek(offset);
        ulong code = reader.ReadUleb128();
        var tag = (DwarfTag)reader.ReadUleb128();
        bool hasChildren = reader.ReadByte() != 0;
        var attributes = new ArrayBuilder<AttributeSpecification>();
        while (TryReadAttribute(ref reader, out AttributeSpecification attribute))
            attributes.Add(attribute);

        return new Abbreviation(code, tag, hasChildren, attributes.ToArray(), _encoding);
    }
}
