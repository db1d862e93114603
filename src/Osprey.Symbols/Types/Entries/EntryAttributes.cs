using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Entries;

/// <summary>
/// The attributes of one entry that types, variables and functions are made from. A value of form
/// <see cref="DwarfForm.None"/> is not there.
/// </summary>
/// <remarks>
/// Of the many attributes that there are, an entry has a few: they are kept in a row, in the order of the file, and
/// looked up by going through it. An object can be used for one entry after the other.
/// </remarks>
internal sealed class EntryAttributes
{
    private const int UsualCount = 6;

    private (DwarfAttribute Name, AttributeValue Value)[] _values = new (DwarfAttribute, AttributeValue)[UsualCount];
    private int _count;

    public ulong Offset { get; private set; }
    public DwarfTag Tag { get; private set; }
    public bool HasChildren { get; private set; }
    public bool IsDeclaration { get; private set; }
    public bool IsExternal { get; private set; }
    public bool IsArtificial { get; private set; }
    public bool IsEnumClass { get; private set; }
    public bool IsVirtual { get; private set; }
    public bool IsInline { get; private set; }
    public bool IsAbstractOrigin { get; private set; }
    public bool IsVector { get; private set; }
    public AttributeValue Name => Find(DwarfAttribute.Name);
    public AttributeValue LinkageName => Find(DwarfAttribute.LinkageName);
    public AttributeValue Type => Find(DwarfAttribute.Type);
    public AttributeValue ContainingType => Find(DwarfAttribute.ContainingType);

    /// <summary>The entry that this one completes, or is an instance of.</summary>
    public AttributeValue Origin => Find(DwarfAttribute.AbstractOrigin);

    public AttributeValue Signature => Find(DwarfAttribute.Signature);
    public AttributeValue ByteSize => Find(DwarfAttribute.ByteSize);
    public AttributeValue BitSize => Find(DwarfAttribute.BitSize);
    public AttributeValue BitOffset => Find(DwarfAttribute.BitOffset);
    public AttributeValue DataBitOffset => Find(DwarfAttribute.DataBitOffset);
    public AttributeValue MemberLocation => Find(DwarfAttribute.MemberLocation);
    public AttributeValue Location => Find(DwarfAttribute.Location);
    public AttributeValue Constant => Find(DwarfAttribute.ConstantValue);
    public AttributeValue FrameBase => Find(DwarfAttribute.FrameBase);
    public AttributeValue LowPc => Find(DwarfAttribute.LowPc);
    public AttributeValue HighPc => Find(DwarfAttribute.HighPc);
    public AttributeValue Ranges => Find(DwarfAttribute.Ranges);
    public AttributeValue LowerBound => Find(DwarfAttribute.LowerBound);
    public AttributeValue UpperBound => Find(DwarfAttribute.UpperBound);
    public AttributeValue Count => Find(DwarfAttribute.Count);
    public AttributeValue Encoding => Find(DwarfAttribute.Encoding);
    public AttributeValue DeclarationFile => Find(DwarfAttribute.DeclarationFile);
    public AttributeValue TemplateName => Find(DwarfAttribute.GnuTemplateName);
    public AttributeValue TableElement => Find(DwarfAttribute.TableElement);

    public bool HasName => Name.Form != DwarfForm.None;

    public bool HasType => Type.Form != DwarfForm.None;

    public bool HasOrigin => Origin.Form != DwarfForm.None;

    /// <summary>Reads the attributes of a cursor's current entry.</summary>
    /// <exception cref="Osprey.Binary.BadDataException">An attribute is malformed.</exception>
    public static void Read(ref DieCursor cursor, out EntryAttributes entry)
    {
        entry = new EntryAttributes();
        entry.Read(ref cursor);
    }

    /// <summary>Reads the attributes of a cursor's current entry into this object, in place of those it had.</summary>
    /// <exception cref="Osprey.Binary.BadDataException">An attribute is malformed.</exception>
    public void Read(ref DieCursor cursor)
    {
        _count = 0;
        (Offset, Tag, HasChildren) = (cursor.Offset, cursor.Tag, cursor.HasChildren);
        (IsDeclaration, IsExternal, IsArtificial, IsEnumClass) = (false, false, false, false);
        (IsVirtual, IsInline, IsAbstractOrigin, IsVector) = (false, false, false, false);
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
            Set(name, value);
    }

    /// <summary>Finds the value of an attribute: where a malformed entry has several, the last.</summary>
    private AttributeValue Find(DwarfAttribute name)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            if (_values[i].Name == name)
                return _values[i].Value;
        }

        return default;
    }

    private void Add(DwarfAttribute name, in AttributeValue value)
    {
        if (_count == _values.Length)
            Array.Resize(ref _values, _values.Length * 2);

        _values[_count++] = (name, value);
    }

    private void Set(DwarfAttribute name, in AttributeValue value)
    {
        switch (name)
        {
            case DwarfAttribute.MipsLinkageName:
                Add(DwarfAttribute.LinkageName, value);
                break;
            case DwarfAttribute.AbstractOrigin:
                Add(DwarfAttribute.AbstractOrigin, value);
                IsAbstractOrigin = true;
                break;
            case DwarfAttribute.Specification:
                Add(DwarfAttribute.AbstractOrigin, value);
                break;
            case DwarfAttribute.Name
            or DwarfAttribute.LinkageName
            or DwarfAttribute.Type
            or DwarfAttribute.ContainingType
            or DwarfAttribute.Signature
            or DwarfAttribute.ByteSize
            or DwarfAttribute.BitSize
            or DwarfAttribute.BitOffset
            or DwarfAttribute.DataBitOffset
            or DwarfAttribute.MemberLocation
            or DwarfAttribute.Location
            or DwarfAttribute.ConstantValue
            or DwarfAttribute.FrameBase
            or DwarfAttribute.LowPc
            or DwarfAttribute.HighPc
            or DwarfAttribute.Ranges
            or DwarfAttribute.LowerBound
            or DwarfAttribute.UpperBound
            or DwarfAttribute.Count
            or DwarfAttribute.Encoding
            or DwarfAttribute.DeclarationFile
            or DwarfAttribute.GnuTemplateName
            or DwarfAttribute.TableElement:
                Add(name, value);
                break;
            case DwarfAttribute.Declaration:
                IsDeclaration = value.Bits != 0;
                break;
            case DwarfAttribute.External:
                IsExternal = value.Bits != 0;
                break;
            case DwarfAttribute.Artificial:
                IsArtificial = value.Bits != 0;
                break;
            case DwarfAttribute.EnumClass:
                IsEnumClass = value.Bits != 0;
                break;
            case DwarfAttribute.Virtuality:
                IsVirtual = value.Bits != 0;
                break;
            case DwarfAttribute.GnuVector:
                IsVector = value.Bits != 0;
                break;
            case DwarfAttribute.Inline:
                IsInline = true;
                break;
        }
    }
}
