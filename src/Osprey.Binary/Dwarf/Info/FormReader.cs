using System.Numerics;

namespace Osprey.Binary.Dwarf.Info;

/// <summary>Reads and skips attributes' values by their form.</summary>
internal static class FormReader
{
    /// <summary>Returns the size in bytes of a value of this form; -1 when it depends on the value.</summary>
    public static int GetFixedSize(DwarfForm form, in UnitEncoding encoding) =>
        form switch
        {
            DwarfForm.FlagPresent or DwarfForm.ImplicitConstant => 0,
            DwarfForm.Data1
            or DwarfForm.Flag
            or DwarfForm.Reference1
            or DwarfForm.StringIndex1
            or DwarfForm.AddressIndex1 => 1,
            DwarfForm.Data2 or DwarfForm.Reference2 or DwarfForm.StringIndex2 or DwarfForm.AddressIndex2 => 2,
            DwarfForm.StringIndex3 or DwarfForm.AddressIndex3 => 3,
            DwarfForm.Data4
            or DwarfForm.Reference4
            or DwarfForm.StringIndex4
            or DwarfForm.AddressIndex4
            or DwarfForm.ReferenceSupplementary4 => 4,
            DwarfForm.Data8
            or DwarfForm.Reference8
            or DwarfForm.ReferenceSignature
            or DwarfForm.ReferenceSupplementary8 => 8,
            DwarfForm.Data16 => 16,
            DwarfForm.Address => encoding.AddressSize,
            DwarfForm.ReferenceAddress => encoding.Version <= 2 ? encoding.AddressSize : encoding.OffsetSize,
            DwarfForm.StringOffset
            or DwarfForm.SectionOffset
            or DwarfForm.LineStringOffset
            or DwarfForm.StringSupplementary
            or DwarfForm.GnuReferenceAlternate
            or DwarfForm.GnuStringAlternate => encoding.OffsetSize,
            _ => -1,
        };

    /// <summary>Skips a value.</summary>
    /// <exception cref="BadDataException">The value is cut short, or its form is not known.</exception>
    public static void Skip(ref ByteReader reader, DwarfForm form, in UnitEncoding encoding)
    {
        int size = GetFixedSize(form, encoding);
        if (size >= 0)
            reader.Skip((ulong)size);
        else
            SkipVariable(ref reader, form, encoding);
    }

    /// <summary>Skips a value whose size depends on the value.</summary>
    /// <exception cref="BadDataException">The value is cut short, or its form is not known.</exception>
    public static void SkipVariable(ref ByteReader reader, DwarfForm form, in UnitEncoding encoding)
    {
        if (form is DwarfForm.Expression or DwarfForm.Block)
            reader.Skip(reader.ReadUleb128());
        else
            Read(ref reader, new AttributeSpecification(DwarfAttribute.None, form, 0), encoding);
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="BadDataException">The value is cut short, or its form is not known.</exception>
    public static AttributeValue Read(
        ref ByteReader reader,
        in AttributeSpecification specification,
        in UnitEncoding encoding
    )
    {
        DwarfForm form = specification.Form;
        while (form == DwarfForm.Indirect)
            form = ToForm(ref reader, reader.ReadUleb128());

        switch (form)
        {
            case DwarfForm.FlagPresent:
                return new AttributeValue(form, 1);
            case DwarfForm.ImplicitConstant:
                return new AttributeValue(form, unchecked((ulong)specification.Constant));
            case DwarfForm.SignedData:
                return new AttributeValue(form, unchecked((ulong)reader.ReadSleb128()));
            case DwarfForm.UnsignedData:
            case DwarfForm.ReferenceUnsigned:
            case DwarfForm.StringIndex:
            case DwarfForm.AddressIndex:
            case DwarfForm.GnuStringIndex:
            case DwarfForm.GnuAddressIndex:
            case DwarfForm.LocationListIndex:
            case DwarfForm.RangeListIndex:
                return new AttributeValue(form, reader.ReadUleb128());
            case DwarfForm.LlvmAddressOffset:
                ulong index = reader.ReadUleb128();
                return new AttributeValue(form, index, reader.ReadUInt32());
            case DwarfForm.String:
                long start = reader.Offset;
                return new AttributeValue(form, (ulong)start, (ulong)reader.ReadNulTerminated().Length);
            case DwarfForm.Block1:
                return ReadBlock(ref reader, form, reader.ReadByte());
            case DwarfForm.Block2:
                return ReadBlock(ref reader, form, reader.ReadUInt16());
            case DwarfForm.Block4:
                return ReadBlock(ref reader, form, reader.ReadUInt32());
            case DwarfForm.Block:
            case DwarfForm.Expression:
                return ReadBlock(ref reader, form, reader.ReadUleb128());
            case DwarfForm.Data16:
                return ReadBlock(ref reader, form, 16);
        }

        return GetFixedSize(form, encoding) switch
        {
            1 => new AttributeValue(form, reader.ReadByte()),
            2 => new AttributeValue(form, reader.ReadUInt16()),
            4 => new AttributeValue(form, reader.ReadUInt32()),
            8 => new AttributeValue(form, reader.ReadUInt64()),
            -1 => ThrowUnknown(ref reader, form),
            int size => new AttributeValue(form, reader.ReadUnsigned(size)),
        };
    }

    /// <summary>Checks that a number read from a file fits in a form's 16 bits.</summary>
    /// <exception cref="BadDataException">The number has more than 16 bits.</exception>
    public static DwarfForm ToForm(ref ByteReader reader, ulong number)
    {
        if (number > ushort.MaxValue)
            reader.ThrowBad($"form 0x{number:x} is not known");

        return (DwarfForm)number;
    }

    /// <summary>True when a size is allowed for addresses: 1, 2, 4 or 8 bytes.</summary>
    public static bool IsAddressSize(byte size) => size <= 8 && BitOperations.IsPow2(size);

    private static AttributeValue ReadBlock(ref ByteReader reader, DwarfForm form, ulong size)
    {
        long start = reader.Offset;
        reader.Skip(size);
        return new AttributeValue(form, (ulong)start, size);
    }

    private static AttributeValue ThrowUnknown(ref ByteReader reader, DwarfForm form)
    {
        reader.ThrowBad($"form 0x{(ushort)form:x} is not known");
        return default;
    }
}
