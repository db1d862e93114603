namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// Walks a unit's entries as <see cref="DieCursor"/> does, but reads only the values that an index of names needs, and
/// skips an entry with all entries below it where <c>DW_AT_sibling</c> gives their end.
/// </summary>
internal ref struct EntryScanner
{
    private readonly CompilationUnit _unit;
    private readonly EntryShapes _shapes;
    private readonly UnitEncoding _encoding;
    private ByteReader _reader;
    private EntryShape _shape;
    private bool _isInside;
    private ulong _sibling;

    /// <summary>Creates a scanner in front of the unit's first entry.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="shapes">The abbreviations of the same unit, loaded.</param>
    public EntryScanner(CompilationUnit unit, EntryShapes shapes)
    {
        _unit = unit;
        _shapes = shapes;
        _encoding = unit.Encoding;
        ReadOnlySpan<byte> bytes = unit.Owner.Sections.Info.Span[(int)unit.Offset..(int)unit.EndOffset];
        _reader = new ByteReader(bytes, ".debug_info", (long)unit.Offset, unit.Owner.Sections.IsBigEndian);
        _reader.Seek(unit.FirstEntryOffset - unit.Offset);
    }

    /// <summary>Offset of the current entry in <c>.debug_info</c>.</summary>
    public ulong Offset { get; private set; }

    /// <summary>The number of entries around the current one.</summary>
    public int Depth { get; private set; }

    /// <summary>The kind of thing that the current entry describes.</summary>
    public readonly DwarfTag Tag => _shape.Tag;

    /// <summary>True when the current entry has child entries.</summary>
    public readonly bool HasChildren => _shape.HasChildren;

    /// <summary>Offset of the first entry behind this one and those below it; null when that is not told.</summary>
    public readonly ulong? Sibling =>
        _shape.HasChildren && _sibling > (ulong)_reader.Offset && _sibling < _unit.EndOffset ? _sibling : null;

    /// <summary>Facts that the entry's attributes show.</summary>
    public EntryMarks Marks { get; private set; }

    /// <summary>
    /// The entry's name. As all values here, it has the form <see cref="DwarfForm.None"/> when the entry has no such
    /// attribute.
    /// </summary>
    public AttributeValue Name { get; private set; }

    /// <summary>The name of the entry's symbol.</summary>
    public AttributeValue LinkageName { get; private set; }

    /// <summary>
    /// The entry that this one completes (<c>DW_AT_specification</c>) or is an instance of
    /// (<c>DW_AT_abstract_origin</c>).
    /// </summary>
    public AttributeValue Origin { get; private set; }

    /// <summary>The entry that this one imports.</summary>
    public AttributeValue Import { get; private set; }

    /// <summary>Moves to the next entry in stored order.</summary>
    /// <returns>False behind the last entry.</returns>
    /// <exception cref="BadDataException">The next entry is malformed.</exception>
    public bool MoveNext()
    {
        if (_isInside && _shape.HasChildren)
        {
            if (++Depth > _unit.Owner.Limits.MaxEntryDepth)
                _reader.ThrowBad($"entries nested deeper than {_unit.Owner.Limits.MaxEntryDepth}");
        }
        else if (_isInside && Depth == 0)
        {
            return false;
        }

        return ReadNext();
    }

    /// <summary>Moves to an entry where this scanner, or another of the same unit, was before.</summary>
    /// <param name="offset">The entry's <see cref="Offset"/>.</param>
    /// <param name="depth">Its <see cref="Depth"/>.</param>
    /// <returns>False when there is no entry.</returns>
    /// <exception cref="BadDataException">The entry is malformed.</exception>
    public bool MoveTo(ulong offset, int depth)
    {
        _reader.Seek(offset - _unit.Offset);
        Depth = depth;
        return ReadNext();
    }

    /// <summary>Moves to the next entry that is not below this one.</summary>
    /// <returns>False behind the last entry.</returns>
    /// <exception cref="BadDataException">The next entry is malformed.</exception>
    public bool MoveNextSibling()
    {
        if (!_shape.HasChildren)
            return MoveNext();

        if (Sibling is { } sibling)
        {
            _reader.Seek(sibling - _unit.Offset);
            return ReadNext();
        }

        int depth = Depth;
        while (MoveNext())
        {
            if (Depth <= depth)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Moves to the next entry, then over its siblings up to the first with a name that is wanted. It also stops at
    /// every entry of another depth than expected, because other names may be wanted there.
    /// </summary>
    /// <param name="below">True to enter the entries below this one; false to skip them.</param>
    /// <param name="functions">True when names of functions are wanted there.</param>
    /// <param name="templateParameters">True when names of template parameters are wanted there.</param>
    /// <returns>False behind the last entry.</returns>
    /// <exception cref="BadDataException">The next entry is malformed.</exception>
    public bool MoveNextName(bool below, bool functions, bool templateParameters)
    {
        int depth = below && _shape.HasChildren ? Depth + 1 : Depth;
        bool more = below ? MoveNext() : MoveNextSibling();
        while (more && Depth == depth && !IsWanted(functions, templateParameters))
            more = MoveNextSibling();

        return more;
    }

    /// <summary>Reads the tag and name of another entry of the unit, without moving.</summary>
    /// <param name="offset">Offset of the entry in <c>.debug_info</c>.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="name">Its name.</param>
    /// <returns>False when there is no entry at that offset.</returns>
    /// <exception cref="BadDataException">The entry is malformed.</exception>
    public readonly bool TryPeek(ulong offset, out DwarfTag tag, out AttributeValue name)
    {
        tag = DwarfTag.None;
        name = default;
        if (offset < _unit.FirstEntryOffset || offset >= _unit.EndOffset)
            return false;

        EntryScanner other = this;
        other._reader.Seek(offset - _unit.Offset);
        other._isInside = false;
        if (!other.ReadNext())
            return false;

        tag = other.Tag;
        name = other.Name;
        return true;
    }

    private readonly bool IsWanted(bool functions, bool templateParameters) =>
        _shape.Names switch
        {
            EntryShape.NameUse.Always => true,
            EntryShape.NameUse.Function => functions,
            EntryShape.NameUse.TemplateParameter => templateParameters,
            _ => false,
        };

    private bool ReadNext()
    {
        while (!_reader.IsAtEnd)
        {
            Offset = (ulong)_reader.Offset;
            ulong code = _reader.ReadUleb128();
            if (code == 0)
            {
                if (--Depth <= 0)
                    return false;

                continue;
            }

            if (!_shapes.TryFind(code, out _shape))
                throw new BadDataException(
                    ".debug_info",
                    (long)Offset,
                    $"abbreviation {code} is not in the unit's table"
                );

            _isInside = true;
            ReadValues();
            return true;
        }

        return false;
    }

    private void ReadValues()
    {
        Marks = _shape.Marks;
        Name = default;
        LinkageName = default;
        Origin = default;
        Import = default;
        _sibling = 0;
        int end = _shape.FirstStep + _shape.StepCount;
        for (int i = _shape.FirstStep; i < end; i++)
        {
            ref readonly EntryShape.Step step = ref _shapes.GetStep(i);
            if (step.Use == EntryShape.Use.Run)
            {
                _reader.Skip((ulong)step.Size);
                continue;
            }

            if (step.Use == EntryShape.Use.Nothing)
            {
                FormReader.SkipVariable(ref _reader, step.Form, _encoding);
                continue;
            }

            // Most values that are kept are 4-byte offsets of strings and of entries.
            AttributeValue value =
                step.Size == sizeof(uint)
                    ? new AttributeValue(step.Form, _reader.ReadUInt32())
                    : FormReader.Read(
                        ref _reader,
                        new AttributeSpecification(DwarfAttribute.None, step.Form, step.Constant),
                        _encoding
                    );
            switch (step.Use)
            {
                case EntryShape.Use.Sibling:
                    _sibling =
                        value.Form == DwarfForm.ReferenceAddress ? value.Bits : unchecked(value.Bits + _unit.Offset);
                    break;
                case EntryShape.Use.Name:
                    Name = value;
                    break;
                case EntryShape.Use.LinkageName:
                    LinkageName = value;
                    break;
                case EntryShape.Use.Origin:
                    Origin = value;
                    break;
                case EntryShape.Use.Import:
                    Import = value;
                    break;
                case EntryShape.Use.Flag:
                    if (value.Bits != 0)
                        Marks |= step.Mark;

                    break;
            }
        }
    }
}
