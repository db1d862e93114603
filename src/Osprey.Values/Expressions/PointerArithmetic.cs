using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <summary>Computes with pointers, which count in elements, not in bytes.</summary>
internal sealed class PointerArithmetic(ValueSpace space)
{
    /// <summary>Applies an operator to two numbers, at least one of which is a pointer.</summary>
    /// <exception cref="ExpressionException">
    /// A value cannot be read, or the size of a pointer's target is not known.
    /// </exception>
    public Value Apply(Node.Binary node, Value left, Value right)
    {
        Int128 a = Arithmetic.ReadInteger(left, node.Left.Position);
        Int128 b = Arithmetic.ReadInteger(right, node.Right.Position);
        bool isLeft = left.Type.IsPointer;
        bool isRight = right.Type.IsPointer;
        switch (node.Operator)
        {
            case "==" or "!=" or "<" or ">" or "<=" or ">=":
                return space.FromTruth(
                    Arithmetic.Compare(node.Operator, unchecked((ulong)a).CompareTo(unchecked((ulong)b)))
                );
            case "-" when isLeft && isRight:
                Int128 size = GetTargetSize(left, node.Left.Position);
                if (size != GetTargetSize(right, node.Right.Position))
                    throw new ExpressionException(
                        "First argument of `-' is a pointer and second argument is neither "
                            + "an integer nor a pointer of the same type.",
                        node.Position
                    );

                return space.FromInteger(
                    BuiltinTypes.Long,
                    size == 0 ? 0 : unchecked((long)(ulong)a - (long)(ulong)b) / size
                );
            case "+" when isLeft && right.Type.IsIntegral:
                return space.FromInteger(
                    WithoutName(left.Type!),
                    unchecked(a + (b * GetTargetSize(left, node.Left.Position)))
                );
            case "+" when isRight && left.Type.IsIntegral:
                return space.FromInteger(
                    WithoutName(right.Type!),
                    unchecked(b + (a * GetTargetSize(right, node.Right.Position)))
                );
            case "-" when isLeft && right.Type.IsIntegral:
                return space.FromInteger(
                    WithoutName(left.Type!),
                    unchecked(a - (b * GetTargetSize(left, node.Left.Position)))
                );
        }

        // Like gdb, other operators use a pointer as an integer.
        Value Plain(Value value, Int128 number) =>
            value.Type.IsIntegral || value.Type.IsFloat ? value : space.FromInteger(BuiltinTypes.Long, number);
        return Arithmetic.Apply(space, node, Plain(left, a), Plain(right, b));
    }

    /// <summary>Gets the type behind a typedef: the result of a computation has no typedef.</summary>
    private static DebugType WithoutName(DebugType type) => type is TypedefType ? type.Stripped! : type;

    private Int128 GetTargetSize(Value pointer, int position)
    {
        DebugType? target = ((PointerType)pointer.ResolvedType!).Target;
        return target is null || target.Stripped is FunctionType
            ? 1
            : space.GetSize(target)
                ?? throw new ExpressionException(
                    $"Cannot perform pointer math on incomplete type \"{TypeNames.Spell(target)}\", "
                        + "try casting to a known type, or void *.",
                    position
                );
    }
}
