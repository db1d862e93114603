namespace Osprey.Binary.Dwarf.Expression;

/// <summary>
/// A value on an expression's stack. One that can't be had stays on the stack as such, so that other pieces can be had.
/// </summary>
/// <param name="Bits">Its bits, zero above its size.</param>
/// <param name="Type">Its type.</param>
/// <param name="Missing">Why it is not known; null when it is.</param>
internal readonly record struct StackValue(ulong Bits, ExpressionType Type, ValueLocation? Missing = null)
{
    /// <summary>The value with its sign spread over 64 bits.</summary>
    public long Signed => unchecked((long)(Bits << (64 - (8 * Type.Size))) >> (64 - (8 * Type.Size)));

    public double Float =>
        Type.Size == 4 ? BitConverter.UInt32BitsToSingle((uint)Bits) : BitConverter.UInt64BitsToDouble(Bits);

    public static StackValue Of(ulong bits, ExpressionType type) => new(Truncate(bits, type.Size), type);

    public static StackValue OfFloat(double value, ExpressionType type) =>
        new(
            type.Size == 4 ? BitConverter.SingleToUInt32Bits((float)value) : BitConverter.DoubleToUInt64Bits(value),
            type
        );

    private static ulong Truncate(ulong bits, int size) => size >= 8 ? bits : bits & ((1UL << (8 * size)) - 1);
}
