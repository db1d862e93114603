using Osprey.Binary;
using Osprey.Probes.Operands;

namespace Osprey.Probes.Names;

/// <summary>The place of a variable: a register, or memory at a distance from one.</summary>
/// <param name="Register">The register's DWARF number.</param>
/// <param name="Offset">The distance; 0 for a register itself.</param>
/// <param name="IsValue">True when the register holds the variable, false when it lies in memory.</param>
internal readonly record struct VariablePlace(int Register, long Offset, bool IsValue)
{
    /// <summary>The operation for the canonical frame address.</summary>
    public const byte CallFrameAddress = 0x9c; // DW_OP_call_frame_cfa

    private const byte Register0 = 0x50; // DW_OP_reg0
    private const byte Register31 = 0x6f; // DW_OP_reg31
    private const byte Base0 = 0x70; // DW_OP_breg0
    private const byte Base31 = 0x8f; // DW_OP_breg31
    private const byte AnyRegister = 0x90; // DW_OP_regx
    private const byte FrameBase = 0x91; // DW_OP_fbreg
    private const byte StackValue = 0x9f; // DW_OP_stack_value

    /// <summary>Reads a DWARF expression of one operation; null for another one.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="findFrameBase">Finds the frame base, when the expression is about it.</param>
    public static VariablePlace? Read(ReadOnlyMemory<byte> expression, Func<VariablePlace?> findFrameBase)
    {
        if (expression.IsEmpty)
            return null;

        var reader = new ByteReader(expression.Span, "DWARF expression");
        try
        {
            byte operation = reader.ReadByte();
            VariablePlace? place = operation switch
            {
                >= Register0 and <= Register31 => new VariablePlace(operation - Register0, 0, IsValue: true),
                AnyRegister => new VariablePlace((int)Math.Min(reader.ReadUleb128(), 255), 0, IsValue: true),
                >= Base0 and <= Base31 => new VariablePlace(operation - Base0, reader.ReadSleb128(), IsValue: false),
                FrameBase when findFrameBase() is { } frame => frame with
                {
                    Offset = unchecked(frame.Offset + reader.ReadSleb128()),
                },
                _ => null,
            };
            if (reader.IsAtEnd)
                return place;

            // "The value is what register + 0 is": the same as in the register.
            return
                place is { IsValue: false, Offset: 0 } value
                && operation != FrameBase
                && reader.ReadByte() == StackValue
                && reader.IsAtEnd
                ? value with
                {
                    IsValue = true,
                }
                : null;
        }
        catch (BadDataException)
        {
            return null;
        }
    }

    /// <summary>Tells whether an operand is this place.</summary>
    public bool IsPlaceOf(ProbeOperand operand) =>
        operand switch
        {
            ProbeOperand.Register { Shift: 0 } register => IsValue && register.Number == Register,
            ProbeOperand.Memory { Index: -1, Symbol: null, Segment: null } memory => !IsValue
                && memory.Base == Register
                && memory.Displacement == Offset,
            _ => false,
        };
}
