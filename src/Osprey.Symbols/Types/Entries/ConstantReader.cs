using System.Buffers.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Reads values of <c>DW_AT_const_value</c>, in all their forms.</summary>
internal static class ConstantReader
{
    /// <summary>Largest size of a constant. The bytes come from the file; the declared size may be anything.</summary>
    private const ulong MaxSize = 1 << 20;

    /// <summary>Returns the number, cut to the bits of its type and sign-extended if the type is signed.</summary>
    public static long ToInt64(in AttributeValue value, bool isSigned, ulong size)
    {
        long bits = unchecked((long)value.Bits);
        if (!value.IsConstant || size >= 8 || size == 0)
            return bits;

        int shift = 64 - (8 * (int)size);
        return isSigned ? unchecked(bits << shift) >> shift : unchecked((long)((ulong)(bits << shift) >> shift));
    }

    /// <summary>Returns the bytes of a constant as they would lie in memory.</summary>
    /// <param name="unit">The unit that the value is from.</param>
    /// <param name="value">The constant.</param>
    /// <param name="size">Size of its type in bytes; null when it is not known.</param>
    public static ReadOnlyMemory<byte> GetBytes(CompilationUnit unit, in AttributeValue value, ulong? size)
    {
        switch (value.Form)
        {
            case DwarfForm.Block
            or DwarfForm.Block1
            or DwarfForm.Block2
            or DwarfForm.Block4
            or DwarfForm.Data16
            or DwarfForm.Expression:
                return Fit(unit.Owner.Sections.Info.Slice((int)value.Bits, (int)value.Size), size);
            case DwarfForm.String
            or DwarfForm.StringOffset
            or DwarfForm.LineStringOffset
            or DwarfForm.StringIndex
            or DwarfForm.StringIndex1
            or DwarfForm.StringIndex2
            or DwarfForm.StringIndex3
            or DwarfForm.StringIndex4
            or DwarfForm.GnuStringIndex
            or DwarfForm.StringSupplementary
            or DwarfForm.GnuStringAlternate:
                ReadOnlySpan<byte> text = unit.GetStringBytes(value);
                byte[] withEnd = new byte[text.Length + 1];
                text.CopyTo(withEnd);
                return Fit(withEnd, size ?? (ulong)withEnd.Length);
            default:
                ulong bits = value.IsAddress ? unit.GetAddress(value) : value.Bits;
                bool isNegative =
                    value.Form is DwarfForm.SignedData or DwarfForm.ImplicitConstant && unchecked((long)bits) < 0;
                return GetNumber(bits, isNegative, (int)Math.Min(size ?? 8, MaxSize), unit.Owner.Sections.IsBigEndian);
        }
    }

    private static byte[] GetNumber(ulong bits, bool isNegative, int size, bool bigEndian)
    {
        byte[] bytes = new byte[size];
        if (isNegative)
            Array.Fill(bytes, (byte)0xff);

        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, bits);
        for (int i = 0; i < Math.Min(size, 8); i++)
            bytes[bigEndian ? size - 1 - i : i] = number[i];

        return bytes;
    }

    private static ReadOnlyMemory<byte> Fit(ReadOnlyMemory<byte> bytes, ulong? size)
    {
        if (size is not { } wanted || wanted == (ulong)bytes.Length)
            return bytes;

        if (wanted < (ulong)bytes.Length)
            return bytes[..(int)wanted];

        byte[] padded = new byte[(int)Math.Min(wanted, MaxSize)];
        bytes.Span[..Math.Min(bytes.Length, padded.Length)].CopyTo(padded);
        return padded;
    }
}
