namespace Osprey.Binary.Dwarf.Info;

/// <summary>Walks the debugging information entries of a unit in stored order: parents before children.</summary>
/// <remarks>
/// The cursor keeps only its position. The caller may read the current entry's attributes; those that it does not read
/// are skipped.
/// </remarks>
internal ref struct DieCursor
{
    private readonly CompilationUnit _unit;
    private readonly AbbreviationTable _abbreviations;
    private readonly UnitEncoding _encoding;
    private readonly int _maxDepth;
    private ByteReader _reader;
    private Abbreviation? _abbreviation;
    private readonly ulong _start;
    private int _nextAttribute;
    private int _depth;

    internal DieCursor(CompilationUnit unit, ulong offset)
    {
        _unit = unit;
        _abbreviations = unit.Abbreviations;
        _encoding = unit.Encoding;
        _maxDepth = unit.Owner.Limits.MaxEntryDepth;
        _start = offset;
        if (offset < unit.FirstEntryOffset || offset > unit.EndOffset)
            throw new BadDataException(
                ".debug_info",
                unchecked((long)offset),
                $"no entry of the unit at 0x{unit.Offset:x} can be there"
            );

        ReadOnlySpan<byte> bytes = unit.Owner.Sections.Info.Span[(int)offset..(int)unit.EndOffset];
        _reader = new ByteReader(bytes, ".debug_info", (long)offset, unit.Owner.Sections.IsBigEndian);
    }

    /// <summary>The unit.</summary>
    public readonly CompilationUnit Unit => _unit;

    /// <summary>Offset of the current entry in <c>.debug_info</c>.</summary>
    public ulong Offset { get; private set; }

    /// <summary>The kind of thing that the current entry describes.</summary>
    public readonly DwarfTag Tag => _abbreviation!.Tag;

    /// <summary>True when the current entry has child entries.</summary>
    public readonly bool HasChildren => _abbreviation!.HasChildren;

    /// <summary>
    /// The number of entries around the current one, up to the one that the cursor started at, whose depth is 0.
    /// </summary>
    public readonly int Depth => _depth;

    /// <summary>The current entry's tag and attributes.</summary>
    public readonly Abbreviation Abbreviation => _abbreviation!;

    /// <summary>
    /// Moves to the next entry: the first child, else the next sibling, else the next entry further up.
    /// </summary>
    /// <returns>False behind the last entry at or below the one that the cursor started at.</returns>
    /// <exception cref="BadDataException">The rest of the current entry, or the next one, is malformed.</exception>
    public bool MoveNext()
    {
        if (_abbreviation is not null)
        {
            SkipAttributes();
            if (_abbreviation.HasChildren)
            {
                if (++_depth > _maxDepth)
                    _reader.ThrowBad($"entries nested deeper than {_maxDepth}");
            }
            else if (_depth == 0)
            {
                return false;
            }
        }

        return ReadNext();
    }

    /// <summary>
    /// Moves to the next entry that is not below this one, none of whose attributes was read: at once where
    /// <c>DW_AT_sibling</c> says where that is.
    /// </summary>
    /// <returns>False behind the last entry at or below the one that the cursor started at.</returns>
    /// <exception cref="BadDataException">The rest of the current entry, or the next one, is malformed.</exception>
    public bool MoveNextSibling()
    {
        if (!HasChildren || _depth == 0)
            return MoveNext();

        while (TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            if (name != DwarfAttribute.Sibling)
                continue;

            ulong sibling =
                value.Form == DwarfForm.ReferenceAddress ? value.Bits : unchecked(value.Bits + _unit.Offset);
            if (sibling <= (ulong)_reader.Offset || sibling >= _unit.EndOffset)
                break;

            _reader.Seek(sibling - _start);
            return ReadNext();
        }

        int depth = _depth;
        while (MoveNext())
        {
            if (_depth <= depth)
                return true;
        }

        return false;
    }

    /// <summary>Reads the current entry's next attribute.</summary>
    /// <returns>False when all were read.</returns>
    /// <exception cref="BadDataException">The attribute is malformed.</exception>
    public bool TryReadAttribute(out DwarfAttribute name, out AttributeValue value)
    {
        AttributeSpecification[] attributes = _abbreviation!.AttributeArray;
        if (_nextAttribute >= attributes.Length)
        {
            name = DwarfAttribute.None;
            value = default;
            return false;
        }

        ref readonly AttributeSpecification specification = ref attributes[_nextAttribute++];
        name = specification.Name;
        value = FormReader.Read(ref _reader, specification, _encoding);
        return true;
    }

    /// <summary>Skips those of the current entry's attributes that were not read.</summary>
    /// <exception cref="BadDataException">An attribute is malformed.</exception>
    public void SkipAttributes()
    {
        AttributeSpecification[] attributes = _abbreviation!.AttributeArray;
        if (_nextAttribute == 0)
        {
            foreach (Abbreviation.SkipStep step in _abbreviation.Steps)
            {
                _reader.Skip((ulong)step.Size);
                if (step.Form != DwarfForm.None)
                    FormReader.SkipVariable(ref _reader, step.Form, _encoding);
            }

            _nextAttribute = attributes.Length;
        }

        while (_nextAttribute < attributes.Length)
            FormReader.Skip(ref _reader, attributes[_nextAttribute++].Form, _encoding);
    }

    private bool ReadNext()
    {
        while (!_reader.IsAtEnd)
        {
            Offset = (ulong)_reader.Offset;
            ulong code = _reader.ReadUleb128();
            if (code == 0)
            {
                if (--_depth <= 0)
                    return false;

                continue;
            }

            _abbreviation = _abbreviations.Find(code);
            if (_abbreviation is null)
                throw new BadDataException(
                    ".debug_info",
                    (long)Offset,
                    $"abbreviation {code} is not in the unit's table"
                );

            _nextAttribute = 0;
            return true;
        }

        return false;
    }
}
