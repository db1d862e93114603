namespace Osprey.Binary.Dwarf.Expression;

/// <summary>
/// The arithmetic of values on an expression's stack (DWARF 5, section 2.5.1.4). Overflow wraps around.
/// </summary>
internal static class ExpressionArithmetic
{
    /// <summary>Applies an operation to one value; null when the operation is not defined for its type.</summary>
    public static StackValue? TryApply(DwarfOperation operation, in StackValue value)
    {
        if (value.Type.Kind == ExpressionTypeKind.Float)
        {
            return operation switch
            {
                DwarfOperation.Absolute => StackValue.OfFloat(Math.Abs(value.Float), value.Type),
                DwarfOperation.Negate => StackValue.OfFloat(-value.Float, value.Type),
                _ => null,
            };
        }
        unchecked
        {
            return operation switch
            {
                DwarfOperation.Absolute when value.Type.Kind == ExpressionTypeKind.Unsigned => value,
                DwarfOperation.Absolute => StackValue.Of(
                    (ulong)(value.Signed < 0 ? -value.Signed : value.Signed),
                    value.Type
                ),
                DwarfOperation.Negate => StackValue.Of(0 - value.Bits, value.Type),
                DwarfOperation.Not => StackValue.Of(~value.Bits, value.Type),
                _ => null,
            };
        }
    }

    /// <summary>
    /// Applies an operation to two values of the same type; null when the operation is not defined for the type, or
    /// divides by zero.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="left">The value that was pushed first.</param>
    /// <param name="right">The value on top of the stack.</param>
    /// <param name="generic">The generic type, which results of comparisons have.</param>
    public static StackValue? TryApply(
        DwarfOperation operation,
        in StackValue left,
        in StackValue right,
        ExpressionType generic
    )
    {
        if (operation is >= DwarfOperation.Equal and <= DwarfOperation.NotEqual)
            return StackValue.Of(IsTrue(operation, left, right) ? 1u : 0u, generic);

        return left.Type.Kind == ExpressionTypeKind.Float
            ? ApplyFloat(operation, left, right)
            : ApplyInteger(operation, left, right);
    }

    /// <summary>Converts a value to another type.</summary>
    public static StackValue Convert(in StackValue value, ExpressionType type)
    {
        if (value.Type.Kind == ExpressionTypeKind.Float)
        {
            if (type.Kind == ExpressionTypeKind.Float)
                return StackValue.OfFloat(value.Float, type);

            // C does not define the result for a number that does not fit; here it saturates.
            ulong bits =
                type.Kind == ExpressionTypeKind.Unsigned
                    ? unchecked((ulong)value.Float)
                    : unchecked((ulong)(long)value.Float);
            return StackValue.Of(bits, type);
        }

        if (type.Kind == ExpressionTypeKind.Float)
            return StackValue.OfFloat(value.Type.Kind == ExpressionTypeKind.Signed ? value.Signed : value.Bits, type);

        return StackValue.Of(
            value.Type.Kind == ExpressionTypeKind.Signed ? unchecked((ulong)value.Signed) : value.Bits,
            type
        );
    }

    private static StackValue? ApplyFloat(DwarfOperation operation, in StackValue left, in StackValue right) =>
        operation switch
        {
            DwarfOperation.Plus => StackValue.OfFloat(left.Float + right.Float, left.Type),
            DwarfOperation.Minus => StackValue.OfFloat(left.Float - right.Float, left.Type),
            DwarfOperation.Multiply => StackValue.OfFloat(left.Float * right.Float, left.Type),
            DwarfOperation.Divide => StackValue.OfFloat(left.Float / right.Float, left.Type),
            _ => null,
        };

    private static StackValue? ApplyInteger(DwarfOperation operation, in StackValue left, in StackValue right)
    {
        ulong a = left.Bits;
        ulong b = right.Bits;
        unchecked
        {
            ulong? bits = operation switch
            {
                DwarfOperation.And => a & b,
                DwarfOperation.Or => a | b,
                DwarfOperation.Xor => a ^ b,
                DwarfOperation.Plus => a + b,
                DwarfOperation.Minus => a - b,
                DwarfOperation.Multiply => a * b,
                DwarfOperation.Divide => Divide(left, right),
                DwarfOperation.Modulo => Modulo(left, right),
                DwarfOperation.ShiftLeft => b >= 64 ? 0 : a << (int)b,
                DwarfOperation.ShiftRight => b >= 64 ? 0 : a >> (int)b,
                DwarfOperation.ShiftRightArithmetic => (ulong)(left.Signed >> (int)Math.Min(b, 63)),
                _ => null,
            };
            return bits is { } some ? StackValue.Of(some, left.Type) : null;
        }
    }

    private static ulong? Divide(in StackValue left, in StackValue right)
    {
        if (right.Bits == 0)
            return null;

        if (left.Type.Kind == ExpressionTypeKind.Unsigned)
            return left.Bits / right.Bits;

        // The processor traps when the lowest number is divided by -1.
        return unchecked(right.Signed == -1 ? 0 - left.Bits : (ulong)(left.Signed / right.Signed));
    }

    private static ulong? Modulo(in StackValue left, in StackValue right)
    {
        if (right.Bits == 0)
            return null;

        if (left.Type.Kind != ExpressionTypeKind.Signed)
            return left.Bits % right.Bits;

        return unchecked(right.Signed == -1 ? 0 : (ulong)(left.Signed % right.Signed));
    }

    private static bool IsTrue(DwarfOperation operation, in StackValue left, in StackValue right)
    {
        if (left.Type.Kind == ExpressionTypeKind.Float)
            return IsTrueOfFloats(operation, left.Float, right.Float);

        int order =
            left.Type.Kind == ExpressionTypeKind.Unsigned
                ? left.Bits.CompareTo(right.Bits)
                : left.Signed.CompareTo(right.Signed);
        return operation switch
        {
            DwarfOperation.Equal => order == 0,
            DwarfOperation.GreaterOrEqual => order >= 0,
            DwarfOperation.Greater => order > 0,
            DwarfOperation.LessOrEqual => order <= 0,
            DwarfOperation.Less => order < 0,
            _ => order != 0,
        };
    }

    private static bool IsTrueOfFloats(DwarfOperation operation, double left, double right) =>
        operation switch
        {
            DwarfOperation.Equal => left.Equals(right) || (left == 0 && right == 0),
            DwarfOperation.GreaterOrEqual => left >= right,
            DwarfOperation.Greater => left > right,
            DwarfOperation.LessOrEqual => left <= right,
            DwarfOperation.Less => left < right,
            _ => !(left.Equals(right) || (left == 0 && right == 0)) || double.IsNaN(left),
        };
}
