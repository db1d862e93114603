using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Entries;

/// <summary>
/// The attributes of one entry that types, variables and functions are made from. A value of form
/// <see cref="DwarfForm.None"/> is not there.
/// </summary>
internal sealed class EntryAttributes
{
    public ulong Offset;
    public DwarfTag Tag;
    public bool HasChildren;
    public bool IsDeclaration;
    public bool IsExternal;
    public bool IsArtificial;
    public bool IsEnumClass;
    public bool IsVirtual;
    public bool IsInline;
    public bool IsAbstractOrigin;
    public bool IsVector;
    public AttributeValue Name;
    public AttributeValue LinkageName;
    public AttributeValue Type;
    public AttributeValue ContainingType;
    public AttributeValue Origin;
    public AttributeValue Signature;
    public AttributeValue ByteSize;
    public AttributeValue BitSize;
    public AttributeValue BitOffset;
    public AttributeValue DataBitOffset;
    public AttributeValue MemberLocation;
    public AttributeValue Location;
    public AttributeValue Constant;
    public AttributeValue FrameBase;
    public AttributeValue LowPc;
    public AttributeValue HighPc;
    public AttributeValue Ranges;
    public AttributeValue LowerBound;
    public AttributeValue UpperBound;
    public AttributeValue Count;
    public AttributeValue Encoding;
    public AttributeValue DeclarationFile;
    public AttributeValue TemplateName;
    public AttributeValue TableElement;

    public bool HasName => Name.Form != DwarfForm.None;

    public bool HasType => Type.Form != DwarfForm.None;

    public bool HasOrigin => Origin.Form != DwarfForm.None;

    /// <summary>Reads the attributes of a cursor's current entry.</summary>
    /// <exception cref="Osprey.Binary.BadDataException">An attribute is malformed.</exception>
    public static void Read(ref DieCursor cursor, out EntryAttributes entry)
    {
        entry = new EntryAttributes
        {
            Offset = cursor.Offset,
            Tag = cursor.Tag,
            HasChildren = cursor.HasChildren,
        };
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
            entry.Set(name, value);
    }

    private void Set(DwarfAttribute name, in AttributeValue value)
    {
        switch (name)
        {
            case DwarfAttribute.Name:
                Name = value;
                break;
            case DwarfAttribute.LinkageName or DwarfAttribute.MipsLinkageName:
                LinkageName = value;
                break;
            case DwarfAttribute.Type:
                Type = value;
                break;
            case DwarfAttribute.ContainingType:
                ContainingType = value;
                break;
            case DwarfAttribute.AbstractOrigin:
                Origin = value;
                IsAbstractOrigin = true;
                break;
            case DwarfAttribute.Specification:
                Origin = value;
                break;
            case DwarfAttribute.Signature:
                Signature = value;
                break;
            case DwarfAttribute.ByteSize:
                ByteSize = value;
                break;
            case DwarfAttribute.BitSize:
                BitSize = value;
                break;
            case DwarfAttribute.BitOffset:
                BitOffset = value;
                break;
            case DwarfAttribute.DataBitOffset:
                DataBitOffset = value;
                break;
            case DwarfAttribute.MemberLocation:
                MemberLocation = value;
                break;
            case DwarfAttribute.Location:
                Location = value;
                break;
            case DwarfAttribute.ConstantValue:
                Constant = value;
                break;
            case DwarfAttribute.FrameBase:
                FrameBase = value;
                break;
            case DwarfAttribute.LowPc:
                LowPc = value;
                break;
            case DwarfAttribute.HighPc:
                HighPc = value;
                break;
            case DwarfAttribute.Ranges:
                Ranges = value;
                break;
            case DwarfAttribute.LowerBound:
                LowerBound = value;
                break;
            case DwarfAttribute.UpperBound:
                UpperBound = value;
                break;
            case DwarfAttribute.Count:
                Count = value;
                break;
            case DwarfAttribute.Encoding:
                Encoding = value;
                break;
            case DwarfAttribute.DeclarationFile:
                DeclarationFile = value;
                break;
            case DwarfAttribute.GnuTemplateName:
                TemplateName = value;
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
            case DwarfAttribute.TableElement:
                TableElement = value;
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
