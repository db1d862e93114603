using System.Numerics;
using Osprey.Symbols.Types;
using Osprey.Values.Floats;

namespace Osprey.Values.Expressions;

/// <summary>
/// Computes with numbers by C's rules of promotion, as gdb applies them. Results that do not fit wrap.
/// </summary>
internal static class Arithmetic
{
    private const int IntSize = 4;

    /// <summary>Makes a floating point number of a type that has a format, rounded once.</summary>
    public static Value FromFloat(ValueSpace space, DebugType type, BinaryFloat value)
    {
        FloatFormat format = FloatFormat.Find(type)!;
        byte[] bytes = new byte[(int)Math.Min(type.Size ?? 8, 16)];
        value.Write(bytes, format);
        return space.FromBytes(type, bytes);
    }

    /// <summary>Gets an integer's type after C's integer promotion.</summary>
    public static DebugType Promote(DebugType type) =>
        GetSize(type) < IntSize ? BuiltinTypes.Int : Standard(GetSize(type), !type.IsSignedInteger);

    /// <summary>Gets the type in which two numbers are computed.</summary>
    public static DebugType GetCommonType(DebugType left, DebugType right)
    {
        if (left.IsFloat || right.IsFloat)
        {
            if (!right.IsFloat)
                return left.Stripped;

            return left.IsFloat && GetSize(left) >= GetSize(right) ? left.Stripped : right.Stripped;
        }

        DebugType a = Promote(left);
        DebugType b = Promote(right);
        if (a.Size != b.Size)
            return a.Size > b.Size ? a : b;

        return Standard(GetSize(a), !a.IsSignedInteger || !b.IsSignedInteger);
    }

    /// <summary>Applies an operator to two numbers.</summary>
    /// <exception cref="ExpressionException">
    /// A number cannot be read, the divisor is zero, or these types do not have the operator.
    /// </exception>
    public static Value Apply(ValueSpace space, Node.Binary node, Value left, Value right)
    {
        bool isShift = node.Operator is "<<" or ">>";
        if (isShift && right.Type.IsFloat)
            throw NoOperator(node);

        DebugType type =
            isShift && !left.Type.IsFloat
                ? Promote(left.ResolvedType!)
                : GetCommonType(left.ResolvedType!, right.ResolvedType!);
        if (type.IsFloat)
            return ApplyFloat(
                space,
                node,
                type,
                ReadFloat(left, node.Left.Position),
                ReadFloat(right, node.Right.Position)
            );

        Int128 a = Wrap(type, ReadInteger(left, node.Left.Position));
        Int128 b = isShift
            ? ReadInteger(right, node.Right.Position)
            : Wrap(type, ReadInteger(right, node.Right.Position));
        return ApplyInteger(space, node, type, a, b);
    }

    /// <summary>Evaluates a comparison, given the order of its operands (below, equal to or above 0).</summary>
    public static bool Compare(string operation, int order) =>
        operation switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            ">" => order > 0,
            "<=" => order <= 0,
            _ => order >= 0,
        };

    /// <summary>
    /// Reads an integer; drops the fraction of a floating point number, which is cut to the range of <c>long</c>.
    /// </summary>
    /// <exception cref="ExpressionException">The value cannot be read, or is not a number.</exception>
    public static Int128 ReadInteger(Value value, int position) => ReadInteger(value, BuiltinTypes.Long, position);

    /// <summary>
    /// Reads an integer for a type; drops the fraction of a floating point number. Like gdb, gives the largest or
    /// smallest <c>long</c> for a number that is outside of its range and that of the type, and the largest for a NaN.
    /// </summary>
    /// <exception cref="ExpressionException">The value cannot be read, or is not a number.</exception>
    public static Int128 ReadInteger(Value value, DebugType type, int position)
    {
        if (value.Type.IsFloat)
            return ToInteger(ReadFloat(value, position), type);

        return value.TryReadInteger(out Int128 number, out ValueProblem? problem)
            ? number
            : throw Describe(problem, position);
    }

    /// <summary>Reads a number as floating point, without rounding it.</summary>
    /// <exception cref="ExpressionException">The value cannot be read, or is not a number.</exception>
    public static BinaryFloat ReadFloat(Value value, int position) =>
        value.TryReadExact(out BinaryFloat number, out ValueProblem? problem)
            ? number
            : throw Describe(problem, position);

    private static Int128 ToInteger(BinaryFloat value, DebugType type)
    {
        bool isWide = type.Size == 16;
        bool isSigned = type.IsSignedInteger;
        BigInteger most =
            isWide && !isSigned ? UInt128.MaxValue
            : isWide ? Int128.MaxValue
            : long.MaxValue;
        BigInteger least = isWide ? Int128.MinValue : long.MinValue;
        if (value.Kind != FloatKind.Finite)
            return unchecked(
                (Int128)
                    (UInt128)((value.IsNegative && value.Kind == FloatKind.Infinite ? least : most) & UInt128.MaxValue)
            );

        BigInteger number = value.Truncate();
        bool isUnsignedLong = !isSigned && type.Size == 8 && number.Sign > 0 && number <= ulong.MaxValue;
        if (!isUnsignedLong)
            number = BigInteger.Clamp(number, least, most);

        return unchecked((Int128)(UInt128)(number & UInt128.MaxValue));
    }

    /// <summary>Makes the exception for a value that is not available.</summary>
    public static ExpressionException Describe(ValueProblem problem, int position) =>
        new(
            problem.Kind switch
            {
                ValueProblemKind.Unreadable => problem.Message,
                ValueProblemKind.OptimizedOut => "value has been optimized out",
                _ => char.ToUpperInvariant(problem.Message[0]) + problem.Message[1..],
            },
            position
        );

    private static ExpressionException NoOperator(Node.Binary node) =>
        new($"Floating point numbers have no operator {node.Operator}.", node.Position);

    private static Value ApplyInteger(ValueSpace space, Node.Binary node, DebugType type, Int128 a, Int128 b)
    {
        bool isSigned = type.IsSignedInteger;
        int bits = (int)GetSize(type) * 8;
        if (node.Operator is "/" or "%" && b == 0)
            throw new ExpressionException("Division by zero", node.Position);

        if (node.Operator is "==" or "!=" or "<" or ">" or "<=" or ">=")
        {
            int order = isSigned ? a.CompareTo(b) : unchecked((UInt128)a).CompareTo(unchecked((UInt128)b));
            return space.FromTruth(Compare(node.Operator, order));
        }
        unchecked
        {
            Int128 result = node.Operator switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => isSigned ? (b == -1 ? -a : a / b) : (Int128)((UInt128)a / (UInt128)b),
                "%" => isSigned ? (b == -1 ? 0 : a % b) : (Int128)((UInt128)a % (UInt128)b),
                "&" => a & b,
                "|" => a | b,
                "^" => a ^ b,
                "<<" => b < 0 || b >= bits ? 0 : a << (int)b,
                ">>" when b < 0 || b >= bits => isSigned && a < 0 ? -1 : 0,
                ">>" => isSigned ? a >> (int)b : (Int128)((UInt128)a >> (int)b),
                _ => throw new ExpressionException($"Integers have no operator {node.Operator}.", node.Position),
            };
            return space.FromInteger(type, result);
        }
    }

    private static Value ApplyFloat(ValueSpace space, Node.Binary node, DebugType type, BinaryFloat a, BinaryFloat b)
    {
        // C converts both to the common type first: an integer may have more bits than that has.
        FloatFormat format = FloatFormat.Find(type)!;
        a = a.RoundTo(format);
        b = b.RoundTo(format);
        if (node.Operator is "==" or "!=" or "<" or ">" or "<=" or ">=")
        {
            bool isTrue = BinaryFloat.Compare(a, b) is { } order
                ? Compare(node.Operator, order)
                : node.Operator == "!=";
            return space.FromTruth(isTrue);
        }

        BinaryFloat result = node.Operator switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => BinaryFloat.Divide(a, b, format),
            _ => throw NoOperator(node),
        };
        return FromFloat(space, type, result);
    }

    /// <summary>Cuts a number to a type's size and sign.</summary>
    private static Int128 Wrap(DebugType type, Int128 value)
    {
        int unused = 128 - ((int)GetSize(type) * 8);
        return unchecked(
            type.IsSignedInteger ? value << unused >> unused : (Int128)((UInt128)value << unused >> unused)
        );
    }

    private static ulong GetSize(DebugType type) => Math.Clamp(type.Size ?? IntSize, 1, 16);

    private static BaseType Standard(ulong size, bool isUnsigned) =>
        size switch
        {
            <= 4 => isUnsigned ? BuiltinTypes.UnsignedInt : BuiltinTypes.Int,
            <= 8 => isUnsigned ? BuiltinTypes.UnsignedLong : BuiltinTypes.Long,
            _ => isUnsigned ? BuiltinTypes.UnsignedInt128 : BuiltinTypes.Int128,
        };
}
