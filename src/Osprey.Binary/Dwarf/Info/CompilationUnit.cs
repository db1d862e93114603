namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// One unit of <c>.debug_info</c>: its header, and the way to its entries and to what their values mean.
/// </summary>
/// <remarks>Thread-safe. Only the header is read until more is asked for.</remarks>
public sealed class CompilationUnit
{
    private AbbreviationTable? _abbreviations;
    private UnitRoot? _root;

    private CompilationUnit(DebugInfo owner) => Owner = owner;

    /// <summary>The file's debug information that the unit is a part of.</summary>
    public DebugInfo Owner { get; }

    /// <summary>Where its header starts in <c>.debug_info</c>.</summary>
    public ulong Offset { get; private init; }

    /// <summary>Where its first entry starts in <c>.debug_info</c>.</summary>
    public ulong FirstEntryOffset { get; private init; }

    /// <summary>Where the next unit starts.</summary>
    public ulong EndOffset { get; private init; }

    /// <summary>Sizes of its values.</summary>
    public UnitEncoding Encoding { get; private init; }

    /// <summary>What it is for.</summary>
    public UnitType Type { get; private init; }

    /// <summary>Where its abbreviations start in <c>.debug_abbrev</c>.</summary>
    public ulong AbbreviationsOffset { get; private init; }

    /// <summary>What a type unit's type is referred to by; 0 in other units.</summary>
    public ulong Signature { get; private init; }

    /// <summary>Where a type unit's type is, counted from the unit's start; 0 in other units.</summary>
    public ulong TypeOffset { get; private init; }

    /// <summary>The language of the source (<c>DW_LANG_*</c>); 0 when the unit does not say.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public int Language => Root.Language;

    /// <summary>Whether the source is in C.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public bool IsC => Language is 0x01 or 0x02 or 0x0c or 0x1d or 0x2c; // DW_LANG_C89, C, C99, C11, C17

    /// <summary>Whether the source is in C++.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public bool IsCPlusPlus => Language is 0x04 or 0x1a or 0x21 or 0x2b; // DW_LANG_C_plus_plus, _11, _14, _17

    /// <summary>The compiler that made it; null when the unit does not say.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public string? Producer => GetText(Root.Producer);

    /// <summary>Its abbreviations.</summary>
    /// <exception cref="BadDataException">They are malformed.</exception>
    public AbbreviationTable Abbreviations => _abbreviations ??= Owner.GetAbbreviations(this);

    /// <summary>Name of the source file that was compiled; null when it does not say.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public string? Name => GetText(Root.Name);

    /// <summary>The folder that the compiler ran in; null when it does not say.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public string? CompilationDirectory => GetText(Root.CompilationDirectory);

    /// <summary>The file that holds the unit's entries when they were split off; null when they were not.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public string? SplitName => GetText(Root.SplitName);

    /// <summary>Where its line number program is in <c>.debug_line</c>; null when it has none.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public ulong? LineProgramOffset => Root.LineProgram?.Bits;

    /// <summary>The address that its range lists start from.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public ulong BaseAddress => Root.LowPc is { } lowPc ? GetAddress(lowPc) : 0;

    internal UnitRoot Root => _root ??= UnitRoot.Read(this);

    /// <summary>A cursor in front of the unit's first entry.</summary>
    /// <exception cref="BadDataException">The abbreviations are malformed.</exception>
    public DieCursor OpenCursor() => new(this, FirstEntryOffset);

    /// <summary>A cursor in front of one entry; it ends behind the last entry below it.</summary>
    /// <param name="offset">Where the entry starts in <c>.debug_info</c>.</param>
    /// <exception cref="BadDataException">
    /// The place is not within the unit, or the abbreviations are malformed.
    /// </exception>
    public DieCursor OpenCursor(ulong offset) => new(this, offset);

    /// <summary>The address that a value stands for.</summary>
    /// <exception cref="BadDataException">It is not an address, or its index is outside of the table.</exception>
    public ulong GetAddress(in AttributeValue value)
    {
        if (value.Form == DwarfForm.Address)
            return value.Bits;

        if (!value.IsAddress)
            throw new BadDataException(
                ".debug_info",
                (long)Offset,
                $"form 0x{(ushort)value.Form:x} is not one of an address"
            );

        return GetAddressAt(value.Bits);
    }

    /// <summary>The address of that number in the unit's part of <c>.debug_addr</c>.</summary>
    /// <exception cref="BadDataException">It is outside of the table.</exception>
    public ulong GetAddressAt(ulong index)
    {
        ulong start = Root.AddressBase ?? (ulong)(Encoding.Version >= 5 ? 2 * Encoding.OffsetSize : 0);
        ByteReader reader = OpenTable(Owner.Sections.Addresses.Span, ".debug_addr", start, index, Encoding.AddressSize);
        return reader.ReadUnsigned(Encoding.AddressSize);
    }

    /// <summary>
    /// The bytes of the string that a value stands for; empty when it is in a file that is not at hand.
    /// </summary>
    /// <exception cref="BadDataException">It is not a string, or lies outside of its section.</exception>
    public ReadOnlySpan<byte> GetStringBytes(in AttributeValue value)
    {
        DwarfSections sections = Owner.Sections;
        switch (value.Form)
        {
            case DwarfForm.String:
                return sections.Info.Span.Slice((int)value.Bits, (int)value.Size);
            case DwarfForm.StringOffset:
                return ReadString(sections.Strings.Span, ".debug_str", value.Bits);
            case DwarfForm.LineStringOffset:
                return ReadString(sections.LineStrings.Span, ".debug_line_str", value.Bits);
            case DwarfForm.StringSupplementary or DwarfForm.GnuStringAlternate:
                return Owner.Supplementary is { } other
                    ? ReadString(other.Sections.Strings.Span, ".debug_str", value.Bits)
                    : default;
            case DwarfForm.StringIndex
            or DwarfForm.StringIndex1
            or DwarfForm.StringIndex2
            or DwarfForm.StringIndex3
            or DwarfForm.StringIndex4
            or DwarfForm.GnuStringIndex:
                ulong start = Root.StringOffsetsBase ?? (ulong)(Encoding.Version >= 5 ? 2 * Encoding.OffsetSize : 0);
                ByteReader reader = OpenTable(
                    sections.StringOffsets.Span,
                    ".debug_str_offsets",
                    start,
                    value.Bits,
                    Encoding.OffsetSize
                );
                return ReadString(sections.Strings.Span, ".debug_str", reader.ReadUnsigned(Encoding.OffsetSize));
            default:
                throw new BadDataException(
                    ".debug_info",
                    (long)Offset,
                    $"form 0x{(ushort)value.Form:x} is not one of a string"
                );
        }
    }

    /// <summary>As <see cref="GetStringBytes"/>, decoded as UTF-8.</summary>
    /// <exception cref="BadDataException">
    /// It is not a string, lies outside of its section, or is over the limit.
    /// </exception>
    public string GetString(in AttributeValue value)
    {
        ReadOnlySpan<byte> bytes = GetStringBytes(value);
        return bytes.Length <= Owner.Limits.MaxNameLength
            ? System.Text.Encoding.UTF8.GetString(bytes)
            : throw new BadDataException(".debug_info", (long)Offset, $"a name of {bytes.Length} bytes");
    }

    /// <summary>The entry that a value refers to.</summary>
    /// <param name="value">A reference of any form.</param>
    /// <param name="unit">The unit that holds the entry.</param>
    /// <param name="offset">Where it starts in that unit's <c>.debug_info</c>.</param>
    /// <returns>False when it is in a file that is not at hand.</returns>
    /// <exception cref="BadDataException">It is not a reference, or refers to no unit.</exception>
    public bool TryGetReference(in AttributeValue value, out CompilationUnit unit, out ulong offset)
    {
        unit = this;
        offset = value.Bits;
        switch (value.Form)
        {
            case DwarfForm.Reference1
            or DwarfForm.Reference2
            or DwarfForm.Reference4
            or DwarfForm.Reference8
            or DwarfForm.ReferenceUnsigned:
                if (offset >= EndOffset - Offset)
                    throw new BadDataException(
                        ".debug_info",
                        (long)Offset,
                        $"a reference to 0x{offset:x}, behind the unit's end"
                    );

                offset += Offset;
                return true;
            case DwarfForm.ReferenceAddress:
                unit = Owner.FindUnit(offset) ?? throw NoUnit(offset);
                return true;
            case DwarfForm.GnuReferenceAlternate
            or DwarfForm.ReferenceSupplementary4
            or DwarfForm.ReferenceSupplementary8:
                if (Owner.Supplementary is not { } other)
                    return false;

                unit = other.FindUnit(offset) ?? throw NoUnit(offset);
                return true;
            case DwarfForm.ReferenceSignature:
                if (
                    Owner.FindTypeUnit(offset) is not { } holder
                    || holder.TypeOffset >= holder.EndOffset - holder.Offset
                )
                    return false;

                unit = holder;
                offset = holder.Offset + holder.TypeOffset;
                return true;
            default:
                throw new BadDataException(
                    ".debug_info",
                    (long)Offset,
                    $"form 0x{(ushort)value.Form:x} is not one of a reference"
                );
        }
    }

    /// <summary>Reads a unit's header; the reader then stands behind the unit.</summary>
    /// <returns>Null when the unit is of a version that is not known.</returns>
    /// <exception cref="BadDataException">The header is malformed.</exception>
    internal static CompilationUnit? ReadHeader(DebugInfo owner, ref ByteReader reader)
    {
        ulong offset = (ulong)reader.Offset;
        ulong length = InitialLength.Read(ref reader, out byte offsetSize);
        ByteReader header = reader.Split(length);
        ushort version = header.ReadUInt16();
        if (version is < 2 or > 5)
            return null;

        UnitType type = UnitType.Compile;
        byte addressSize;
        ulong abbreviations;
        ulong signature = 0;
        ulong typeOffset = 0;
        if (version >= 5)
        {
            type = (UnitType)header.ReadByte();
            addressSize = header.ReadByte();
            abbreviations = header.ReadUnsigned(offsetSize);
            if (type is UnitType.Skeleton or UnitType.SplitCompile)
                header.Skip(8);
        }
        else
        {
            abbreviations = header.ReadUnsigned(offsetSize);
            addressSize = header.ReadByte();
            if (owner.HoldsTypeUnits)
                type = UnitType.Type;
        }

        if (type is UnitType.Type or UnitType.SplitType)
        {
            signature = header.ReadUInt64();
            typeOffset = header.ReadUnsigned(offsetSize);
        }

        if (!FormReader.IsAddressSize(addressSize))
            header.ThrowBad($"addresses of {addressSize} bytes");

        return new CompilationUnit(owner)
        {
            Offset = offset,
            FirstEntryOffset = (ulong)header.Offset,
            EndOffset = (ulong)reader.Offset,
            Encoding = new UnitEncoding(version, addressSize, offsetSize),
            Type = type,
            AbbreviationsOffset = abbreviations,
            Signature = signature,
            TypeOffset = typeOffset,
        };
    }

    private static BadDataException NoUnit(ulong offset) =>
        new(".debug_info", unchecked((long)offset), "a reference to a place that is in no unit");

    private string? GetText(AttributeValue? value) => value is { } some ? GetString(some) : null;

    private ByteReader OpenTable(ReadOnlySpan<byte> section, string name, ulong start, ulong index, int size)
    {
        var reader = new ByteReader(section, name, 0, Owner.Sections.IsBigEndian);
        if (start > (ulong)section.Length || index >= ((ulong)section.Length - start) / (ulong)size)
            throw new BadDataException(name, unchecked((long)start), $"no item {index} in {section.Length} bytes");

        reader.Seek(start + (index * (ulong)size));
        return reader;
    }

    private static ReadOnlySpan<byte> ReadString(ReadOnlySpan<byte> section, string name, ulong offset)
    {
        var reader = new ByteReader(section, name);
        reader.Seek(offset);
        return reader.ReadNulTerminated();
    }
}
