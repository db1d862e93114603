namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// Goes over a unit's entries as <see cref="DieCursor"/> does, but keeps only what an index of names is made of, and
/// gets over whole entries with all below them where <c>DW_AT_sibling</c> says how far they reach.
/// </summary>
public ref struct EntryScanner
{
    private readonly CompilationUnit _unit;
    private readonly EntryShapes _shapes;
    private readonly UnitEncoding _encoding;
    private ByteReader _reader;
    private EntryShape _shape;
    private bool _isInside;
    private ulong _sibling;

    /// <param name="unit">The unit.</param>
    /// <param name="shapes">Those of the same unit.</param>
    public EntryScanner(CompilationUnit unit, EntryShapes shapes)
    {
        _unit = unit;
        _shapes = shapes;
        _encoding = unit.Encoding;
        ReadOnlySpan<byte> bytes = unit.Owner.Sections.Info.Span[(int)unit.Offset..(int)unit.EndOffset];
        _reader = new ByteReader(bytes, ".debug_info", (long)unit.Offset, unit.Owner.Sections.IsBigEndian);
        _reader.Seek(unit.FirstEntryOffset - unit.Offset);
    }

    /// <summary>Where the entry starts in <c>.debug_info</c>.</summary>
    public ulong Offset { get; private set; }

    /// <summary>How many entries are above it.</summary>
    public int Depth { get; private set; }

    /// <summary>What it describes.</summary>
    public readonly DwarfTag Tag => _shape.Tag;

    /// <summary>Whether entries follow below it.</summary>
    public readonly bool HasChildren => _shape.HasChildren;

    /// <summary>What it says of itself.</summary>
    public EntryMarks Marks { get; private set; }

    /// <summary>Its name; of form <see cref="DwarfForm.None"/> when it has none, as of all values here.</summary>
    public AttributeValue Name { get; private set; }

    /// <summary>Its symbol's name.</summary>
    public AttributeValue LinkageName { get; private set; }

    /// <summary>The entry that it completes or is made from.</summary>
    public AttributeValue Origin { get; private set; }

    /// <summary>The entry that it imports.</summary>
    public AttributeValue Import { get; private set; }

    /// <summary>Goes on to the next entry in stored order.</summary>
    /// <returns>False behind the last one.</returns>
    /// <exception cref="BadDataException">What comes next is malformed.</exception>
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

    /// <summary>Goes on to the next entry that is not below this one.</summary>
    /// <returns>False behind the last one.</returns>
    /// <exception cref="BadDataException">What comes next is malformed.</exception>
    public bool MoveNextSibling()
    {
        if (!_shape.HasChildren)
            return MoveNext();

        if (_sibling > (ulong)_reader.Offset && _sibling < _unit.EndOffset)
        {
            _reader.Seek(_sibling - _unit.Offset);
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
    /// Goes on to the next entry, and from there over its siblings without a name that is wanted. Where an entry is not
    /// at the expected depth, it is not skipped: what is wanted can be another there.
    /// </summary>
    /// <param name="below">Whether what is below this entry is wanted.</param>
    /// <param name="functions">Whether names of functions are wanted there.</param>
    /// <param name="templateParameters">Whether those of template parameters are.</param>
    /// <returns>False behind the last one.</returns>
    /// <exception cref="BadDataException">What comes next is malformed.</exception>
    public bool MoveNextName(bool below, bool functions, bool templateParameters)
    {
        int depth = below && _shape.HasChildren ? Depth + 1 : Depth;
        bool more = below ? MoveNext() : MoveNextSibling();
        while (more && Depth == depth && !IsWanted(functions, templateParameters))
            more = MoveNextSibling();

        return more;
    }

    /// <summary>Tag and name of another entry of the unit.</summary>
    /// <returns>False when none can be there.</returns>
    /// <exception cref="BadDataException">It is malformed.</exception>
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

            // Most of what is kept are offsets of strings and of entries.
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
