namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// The abbreviations of one unit at a time, in arrays that are used again for the next unit. A pass over all units of a
/// kernel reads some hundred thousand abbreviations, each for few entries; objects for them would cost more than the
/// entries.
/// </summary>
/// <remarks>Not thread-safe: each thread needs its own.</remarks>
internal sealed class EntryShapes
{
    private ArrayBuilder<EntryShape> _counted;
    private ArrayBuilder<EntryShape.Step> _steps;
    private Dictionary<ulong, EntryShape>? _others;
    private DebugInfo? _owner;
    private ulong _offset;
    private UnitEncoding _encoding;

    /// <summary>Tells whether the abbreviations of a unit are loaded.</summary>
    public bool AreOf(CompilationUnit unit) =>
        ReferenceEquals(_owner, unit.Owner) && _offset == unit.AbbreviationsOffset && _encoding == unit.Encoding;

    /// <summary>Reads the abbreviations of a unit; does nothing when they are loaded already.</summary>
    /// <exception cref="BadDataException">The abbreviations are malformed.</exception>
    public void Load(CompilationUnit unit)
    {
        if (AreOf(unit))
            return;

        _owner = null;
        _counted.Clear();
        _steps.Clear();
        _others = null;
        var reader = new ByteReader(
            unit.Owner.Sections.Abbreviations.Span,
            ".debug_abbrev",
            0,
            unit.Owner.Sections.IsBigEndian
        );
        reader.Seek(unit.AbbreviationsOffset);
        while (true)
        {
            ulong code = reader.ReadUleb128();
            if (code == 0)
                break;

            if (_counted.Count + (_others?.Count ?? 0) >= unit.Owner.Limits.MaxAbbreviations)
                reader.ThrowBad($"more than {unit.Owner.Limits.MaxAbbreviations} abbreviations");

            ulong tag = reader.ReadUleb128();
            if (tag > ushort.MaxValue)
                reader.ThrowBad($"tag 0x{tag:x} is over 16 bits");

            bool hasChildren = reader.ReadByte() != 0;
            EntryShape shape = ReadSteps(ref reader, (DwarfTag)tag, hasChildren, unit);
            if (code == (ulong)_counted.Count + 1)
                _counted.Add(shape);
            else
                (_others ??= []).TryAdd(code, shape);
        }

        _owner = unit.Owner;
        _offset = unit.AbbreviationsOffset;
        _encoding = unit.Encoding;
    }

    /// <summary>Finds the abbreviation of a code.</summary>
    /// <returns>False when the unit has no such abbreviation.</returns>
    internal bool TryFind(ulong code, out EntryShape shape)
    {
        if (unchecked(code - 1) < (ulong)_counted.Count)
        {
            shape = _counted[(int)(code - 1)];
            return true;
        }

        shape = default;
        return _others is not null && _others.TryGetValue(code, out shape);
    }

    /// <summary>Returns the step at an index that is from <see cref="EntryShape.FirstStep"/> on.</summary>
    internal ref readonly EntryShape.Step GetStep(int index) => ref _steps[index];

    private EntryShape ReadSteps(ref ByteReader reader, DwarfTag tag, bool hasChildren, CompilationUnit unit)
    {
        int first = _steps.Count;
        var marks = EntryMarks.None;
        int skipped = 0;
        for (int count = 0; ; count++)
        {
            ulong number = reader.ReadUleb128();
            ulong formNumber = reader.ReadUleb128();
            if (number == 0 && formNumber == 0)
                break;

            if (count >= unit.Owner.Limits.MaxAttributes)
                reader.ThrowBad($"more than {unit.Owner.Limits.MaxAttributes} attributes in one abbreviation");

            DwarfForm form = FormReader.ToForm(ref reader, formNumber);
            long constant = form == DwarfForm.ImplicitConstant ? reader.ReadSleb128() : 0;
            EntryShape.Use use = Classify((DwarfAttribute)Math.Min(number, ushort.MaxValue), form, out EntryMarks mark);
            int size = FormReader.GetFixedSize(form, unit.Encoding);
            if (use == EntryShape.Use.Nothing)
            {
                marks |= mark;
                if (size >= 0)
                {
                    skipped += size;
                    continue;
                }
            }

            FlushSkipped(ref skipped);
            _steps.Add(new EntryShape.Step(size, form, use, mark, constant));
        }

        FlushSkipped(ref skipped);
        return new EntryShape(tag, hasChildren, marks, first, _steps.Count - first, GetNameUse(tag, marks));
    }

    private static EntryShape.NameUse GetNameUse(DwarfTag tag, EntryMarks marks)
    {
        switch (tag)
        {
            case DwarfTag.Subprogram:
                return EntryShape.NameUse.Function;
            case DwarfTag.TemplateTypeParameter or DwarfTag.TemplateValueParameter or DwarfTag.GnuTemplateParameterPack:
                return EntryShape.NameUse.TemplateParameter;
            case DwarfTag.Member:
                // A flag that is stored as a value is known only when the entry is read.
                return (marks & EntryMarks.MemberLocation) == 0 ? EntryShape.NameUse.Always : EntryShape.NameUse.None;
            case DwarfTag.Namespace
            or DwarfTag.StructureType
            or DwarfTag.ClassType
            or DwarfTag.UnionType
            or DwarfTag.InterfaceType
            or DwarfTag.EnumerationType
            or DwarfTag.Enumerator
            or DwarfTag.Typedef
            or DwarfTag.TemplateAlias
            or DwarfTag.BaseType
            or DwarfTag.UnspecifiedType
            or DwarfTag.Variable
            or DwarfTag.ImportedDeclaration:
                return EntryShape.NameUse.Always;
            default:
                return EntryShape.NameUse.None;
        }
    }

    private void FlushSkipped(ref int size)
    {
        if (size > 0)
            _steps.Add(new EntryShape.Step(size, DwarfForm.None, EntryShape.Use.Run, EntryMarks.None, 0));

        size = 0;
    }

    /// <summary>Decides what to do with the values of an attribute.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="form">The form of its values.</param>
    /// <param name="mark">
    /// The mark that the attribute sets; for a flag that is stored as a value, the mark for a value other than 0.
    /// </param>
    private static EntryShape.Use Classify(DwarfAttribute attribute, DwarfForm form, out EntryMarks mark)
    {
        mark = attribute switch
        {
            DwarfAttribute.Declaration => EntryMarks.Declaration,
            DwarfAttribute.External => EntryMarks.External,
            DwarfAttribute.Location => EntryMarks.Location,
            DwarfAttribute.ConstantValue => EntryMarks.Constant,
            DwarfAttribute.LowPc or DwarfAttribute.Ranges => EntryMarks.Code,
            DwarfAttribute.Inline => EntryMarks.Inline,
            DwarfAttribute.MemberLocation or DwarfAttribute.DataBitOffset => EntryMarks.MemberLocation,
            DwarfAttribute.ExportSymbols => EntryMarks.ExportSymbols,
            DwarfAttribute.EnumClass => EntryMarks.EnumClass,
            DwarfAttribute.Signature => EntryMarks.Signature,
            _ => EntryMarks.None,
        };
        switch (attribute)
        {
            case DwarfAttribute.Sibling:
                return EntryShape.Use.Sibling;
            case DwarfAttribute.Name:
                return EntryShape.Use.Name;
            case DwarfAttribute.LinkageName or DwarfAttribute.MipsLinkageName:
                return EntryShape.Use.LinkageName;
            case DwarfAttribute.Specification or DwarfAttribute.AbstractOrigin:
                return EntryShape.Use.Origin;
            case DwarfAttribute.Import:
                return EntryShape.Use.Import;
            default:
                return mark != EntryMarks.None && form == DwarfForm.Flag ? EntryShape.Use.Flag : EntryShape.Use.Nothing;
        }
    }
}
