using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Entries;

/// <summary>
/// Reads the expression by which debug info gives the place of a virtual base: "the object's address, plus the number
/// that is N bytes before its table of virtual functions". Compilers write no other form of it.
/// </summary>
internal static class VirtualBaseReader
{
    private const byte Dereference = 0x06; // DW_OP_deref
    private const byte FirstConstant = 0x08; // DW_OP_const1u
    private const byte Constant2 = 0x0a; // DW_OP_const2u
    private const byte ConstantUleb = 0x10; // DW_OP_constu
    private const byte Duplicate = 0x12; // DW_OP_dup
    private const byte Minus = 0x1c; // DW_OP_minus
    private const byte Plus = 0x22; // DW_OP_plus
    private const byte FirstLiteral = 0x30; // DW_OP_lit0
    private const byte LastLiteral = 0x4f; // DW_OP_lit31

    /// <summary>Reads N; null when the expression is another one, or there is none.</summary>
    public static ulong? ReadDistance(UnitEntries unit, in AttributeValue value)
    {
        if (!IsExpression(value.Form))
            return null;

        ByteReader reader = Open(unit, value);
        if (!TryTake(ref reader, Duplicate) || !TryTake(ref reader, Dereference) || reader.IsAtEnd)
            return null;

        byte operation = reader.ReadByte();
        ulong? distance = operation switch
        {
            >= FirstLiteral and <= LastLiteral => (ulong)(operation - FirstLiteral),
            FirstConstant when reader.Remaining >= sizeof(byte) => reader.ReadByte(),
            Constant2 when reader.Remaining >= sizeof(ushort) => reader.ReadUInt16(),
            ConstantUleb when !reader.IsAtEnd => reader.ReadUleb128(),
            _ => null,
        };
        return
            TryTake(ref reader, Minus)
            && TryTake(ref reader, Dereference)
            && TryTake(ref reader, Plus)
            && reader.IsAtEnd
            ? distance
            : null;
    }

    /// <summary>True when a value of that form can be an expression.</summary>
    public static bool IsExpression(DwarfForm form) =>
        form is DwarfForm.Expression or DwarfForm.Block or DwarfForm.Block1 or DwarfForm.Block2 or DwarfForm.Block4;

    /// <summary>Opens the bytes of an expression.</summary>
    public static ByteReader Open(UnitEntries unit, in AttributeValue value)
    {
        ReadOnlySpan<byte> bytes = unit.Unit.Owner.Sections.Info.Span.Slice((int)value.Bits, (int)value.Size);
        return new ByteReader(bytes, ".debug_info", (long)value.Bits, unit.Unit.Owner.Sections.IsBigEndian);
    }

    private static bool TryTake(ref ByteReader reader, byte operation) =>
        !reader.IsAtEnd && reader.ReadByte() == operation;
}
