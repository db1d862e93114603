namespace Osprey.Binary.Dwarf.Expression;

/// <summary>
/// A value on an expression's stack. A value that is not available stays on the stack as missing, so that the other
/// pieces of an object can still be found.
/// </summary>
/// <param name="Bits">The bits, zero above the type's size.</param>
/// <param name="Type">The type.</param>
/// <param name="Missing">The reason why the value is missing; null when it is known.</param>
internal readonly record struct StackValue(ulong Bits, ExpressionType Type, ValueLocation? Missing = null)
{
    /// <summary>The value, sign-extended to 64 bits.</summary>
    public long Signed => unchecked((long)(Bits << (64 - (8 * Type.Size))) >> (64 - (8 * Type.Size)));

    /// <summary>The value as a floating-point number; only for that kind of type.</summary>
    public double Float =>
        Type.Size == 4 ? BitConverter.UInt32BitsToSingle((uint)Bits) : BitConverter.UInt64BitsToDouble(Bits);

    /// <summary>Creates an integer; bits above the type's size are dropped.</summary>
    public static StackValue Of(ulong bits, ExpressionType type) => new(Truncate(bits, type.Size), type);

    /// <summary>Creates a floating-point number.</summary>
    public static StackValue OfFloat(double value, ExpressionType type) =>
        new(
            type.Size == 4 ? BitConverter.SingleToUInt32Bits((float)value) : BitConverter.DoubleToUInt64Bits(value),
            type
        );

    private static ulong Truncate(ulong bits, int size) => size >= 8 ? bits : bits & ((1UL << (8 * size)) - 1);
}
