using Osprey.Binary.Dwarf.Split;

namespace Osprey.Binary.Dwarf.Info;

/// <summary>A unit of <c>.debug_info</c>: its header, its entries, and the means to decode their values.</summary>
/// <remarks>Thread-safe. Only the header is read at first.</remarks>
public sealed class CompilationUnit
{
    private AbbreviationTable? _abbreviations;
    private UnitRoot? _root;
    private ulong? _headerSplitId;
    private CompilationUnit? _skeleton;
    private CompilationUnit? _split;
    private bool _isSplitSought;

    private CompilationUnit(DebugInfo owner) => Owner = owner;

    /// <summary>The debug information that the unit is part of.</summary>
    internal DebugInfo Owner { get; }

    /// <summary>Offset of the unit's header in <c>.debug_info</c>.</summary>
    public ulong Offset { get; private init; }

    /// <summary>Offset of the unit's first entry in <c>.debug_info</c>.</summary>
    internal ulong FirstEntryOffset { get; private init; }

    /// <summary>Offset of the first byte behind the unit in <c>.debug_info</c>.</summary>
    public ulong EndOffset { get; private init; }

    /// <summary>The unit's version, and the sizes of its values.</summary>
    public UnitEncoding Encoding { get; private init; }

    /// <summary>The unit's purpose.</summary>
    internal UnitType Type { get; private init; }

    /// <summary>Offset of the unit's abbreviations in <c>.debug_abbrev</c>.</summary>
    internal ulong AbbreviationsOffset { get; private init; }

    /// <summary>The signature by which a type unit's type is referred to; 0 in other units.</summary>
    internal ulong Signature { get; private init; }

    /// <summary>Offset of a type unit's type from the unit's start, in bytes; 0 in other units.</summary>
    internal ulong TypeOffset { get; private init; }

    /// <summary>The source language (<c>DW_LANG_*</c>); 0 when the unit does not name one.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public int Language => Root.Language;

    /// <summary>True when the source is in C.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public bool IsC => Language is 0x01 or 0x02 or 0x0c or 0x1d or 0x2c; // DW_LANG_C89, C, C99, C11, C17

    /// <summary>True when the source is in C++.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public bool IsCPlusPlus => Language is 0x04 or 0x1a or 0x21 or 0x2b; // DW_LANG_C_plus_plus, _11, _14, _17

    /// <summary>The compiler that made the unit; null when the unit does not name it.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public string? Producer => GetText(Root.Producer);

    /// <summary>The abbreviations that the unit's entries use.</summary>
    /// <exception cref="BadDataException">The abbreviations are malformed.</exception>
    internal AbbreviationTable Abbreviations => _abbreviations ??= Owner.GetAbbreviations(this);

    /// <summary>The source file that was compiled; null when the unit does not name it.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public string? Name => GetText(Root.Name);

    /// <summary>The folder that the compiler ran in; null when the unit does not name it.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public string? CompilationDirectory => Skeleton?.CompilationDirectory ?? GetText(Root.CompilationDirectory);

    /// <summary>The file that the unit's entries were split off to; null when they were not split off.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public string? SplitName => GetText(Root.SplitName);

    /// <summary>Offset of the unit's line table in <c>.debug_line</c>; null when it has none.</summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    public ulong? LineProgramOffset => Root.LineProgram is { } line ? unchecked(line.Bits + Contribution.Line) : null;

    /// <summary>The unit whose line table has this one's files: the skeleton of a split unit.</summary>
    internal CompilationUnit LineUnit => Skeleton ?? this;

    /// <summary>The places that the unit's offsets count from, in a package.</summary>
    internal UnitContribution Contribution { get; private init; }

    /// <summary>
    /// The number that a skeleton and its split unit have in common; null when the unit is neither.
    /// </summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    internal ulong? SplitId
    {
        get
        {
            if (Encoding.Version >= 5)
                return _headerSplitId;

            if (Contribution.Id != 0)
                return Contribution.Id;

            return Owner.Program is not null || !Owner.Sections.Addresses.IsEmpty ? Root.SplitId : null;
        }
    }

    /// <summary>
    /// The unit with the entries that were split off this skeleton; null when it is no skeleton, or they are not there.
    /// </summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    internal CompilationUnit? Split
    {
        get
        {
            if (!_isSplitSought)
            {
                _split = Owner.Splits?.Find(this);
                _isSplitSought = true;
            }

            return _split;
        }
    }

    /// <summary>The skeleton of a split unit; null for other units, and when the program has none.</summary>
    internal CompilationUnit? Skeleton
    {
        get
        {
            if (_skeleton is null && Owner.Program?.Splits is { } splits && SplitId is { } id)
                _skeleton = splits.Skeletons.GetValueOrDefault(id);

            return _skeleton;
        }
        set => _skeleton ??= value;
    }

    /// <summary>
    /// The link-time address that the offsets in the unit's range and location lists are relative to.
    /// </summary>
    /// <exception cref="BadDataException">The unit's first entry is malformed.</exception>
    internal ulong BaseAddress =>
        Root.LowPc is { } lowPc ? GetAddress(lowPc) : Skeleton?.BaseAddress ?? Owner.Sections.Move(0, Encoding);

    /// <summary>The attributes of the unit's first entry.</summary>
    /// <exception cref="BadDataException">The entry is malformed.</exception>
    internal UnitRoot Root => _root ??= UnitRoot.Read(this);

    /// <summary>Opens a cursor in front of the unit's first entry.</summary>
    /// <exception cref="BadDataException">The abbreviations are malformed.</exception>
    internal DieCursor OpenCursor() => new(this, FirstEntryOffset);

    /// <summary>Opens a cursor in front of one entry; it ends behind the last entry below that.</summary>
    /// <param name="offset">Offset of the entry in <c>.debug_info</c>.</param>
    /// <exception cref="BadDataException">
    /// The offset is not within the unit, or the abbreviations are malformed.
    /// </exception>
    internal DieCursor OpenCursor(ulong offset) => new(this, offset);

    /// <summary>Returns the address that a value stands for.</summary>
    /// <exception cref="BadDataException">
    /// The value is not an address, or its index is outside of the table.
    /// </exception>
    internal ulong GetAddress(in AttributeValue value)
    {
        if (value.Form == DwarfForm.Address)
            return Move(value.Bits);

        if (!value.IsAddress)
            throw new BadDataException(
                ".debug_info",
                (long)Offset,
                $"form 0x{(ushort)value.Form:x} is not one of an address"
            );

        ulong address = GetAddressAt(value.Bits);
        return value.Form == DwarfForm.LlvmAddressOffset ? unchecked(address + value.Size) : address;
    }

    /// <summary>Returns the link-time address that one in the unit's sections stands for.</summary>
    public ulong Move(ulong stored) => Owner.Sections.Move(stored, Encoding);

    /// <summary>Returns the link-time address at an index in the unit's part of <c>.debug_addr</c>.</summary>
    /// <exception cref="BadDataException">The index is outside of the table.</exception>
    public ulong GetAddressAt(ulong index) => Move(GetStoredAddress(index));

    /// <summary>
    /// Returns what is stored at an index in the unit's part of <c>.debug_addr</c>: an address, to be moved by
    /// <see cref="Move"/>, or a constant.
    /// </summary>
    /// <exception cref="BadDataException">The index is outside of the table.</exception>
    public ulong GetStoredAddress(ulong index)
    {
        if (Skeleton is { } skeleton)
            return skeleton.GetStoredAddress(index);

        ulong start = Root.AddressBase ?? (ulong)(Encoding.Version >= 5 ? 2 * Encoding.OffsetSize : 0);
        ByteReader reader = OpenTable(Owner.Sections.Addresses.Span, ".debug_addr", start, index, Encoding.AddressSize);
        return reader.ReadUnsigned(Encoding.AddressSize);
    }

    /// <summary>
    /// Returns the bytes of the string that a value stands for; empty when the string is in a supplementary file that
    /// was not found.
    /// </summary>
    /// <exception cref="BadDataException">The value is not a string, or lies outside of its section.</exception>
    internal ReadOnlySpan<byte> GetStringBytes(in AttributeValue value)
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
                ulong start = unchecked(
                    (Root.StringOffsetsBase ?? (ulong)(Encoding.Version >= 5 ? 2 * Encoding.OffsetSize : 0))
                    + Contribution.StringOffsets
                );
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

    /// <summary>
    /// Returns the string that a value stands for, decoded as UTF-8; empty when it is in a supplementary file that was
    /// not found.
    /// </summary>
    /// <exception cref="BadDataException">
    /// The value is not a string, lies outside of its section, or is longer than the limit.
    /// </exception>
    internal string GetString(in AttributeValue value)
    {
        ReadOnlySpan<byte> bytes = GetStringBytes(value);
        return bytes.Length <= Owner.Limits.MaxNameLength
            ? System.Text.Encoding.UTF8.GetString(bytes)
            : throw new BadDataException(".debug_info", (long)Offset, $"a name of {bytes.Length} bytes");
    }

    /// <summary>Finds the entry that a value refers to.</summary>
    /// <param name="value">A reference of any form.</param>
    /// <param name="unit">The unit that holds the entry.</param>
    /// <param name="offset">Offset of the entry in that unit's section.</param>
    /// <returns>False when the entry is in a file or type unit that was not found.</returns>
    /// <exception cref="BadDataException">The value is not a reference, or no unit holds the entry.</exception>
    internal bool TryGetReference(in AttributeValue value, out CompilationUnit unit, out ulong offset)
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

    /// <summary>Reads a unit's header. The reader is behind the unit afterwards.</summary>
    /// <returns>Null when the unit's version is not one of 2 to 5.</returns>
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
        ulong? splitId = null;
        UnitContribution contribution = owner.GetContribution(offset);
        if (version >= 5)
        {
            type = (UnitType)header.ReadByte();
            addressSize = header.ReadByte();
            abbreviations = header.ReadUnsigned(offsetSize);
            if (type is UnitType.Skeleton or UnitType.SplitCompile)
                splitId = header.ReadUInt64();
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
            AbbreviationsOffset = unchecked(abbreviations + contribution.Abbreviations),
            Signature = signature,
            TypeOffset = typeOffset,
            Contribution = contribution,
            _headerSplitId = splitId,
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
