using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <summary>
/// Computes with vectors of the processor (<c>vector_size</c>), element by element, as gdb does. Vectors are never
/// pointers.
/// </summary>
internal static class VectorArithmetic
{
    /// <summary>Largest vector in bytes; no processor has larger ones.</summary>
    private const ulong MaxSize = 1 << 12;

    /// <summary>Applies an operator to two values, at least one of which is a vector.</summary>
    /// <exception cref="ExpressionException">
    /// A value cannot be read, or these vectors do not have the operator.
    /// </exception>
    public static Value Apply(ValueSpace space, Node.Binary node, Value left, Value right)
    {
        switch (node.Operator)
        {
            case "==" or "!=":
                return space.FromTruth(AreEqual(node, left, right) == (node.Operator == "=="));
            case "<" or ">" or "<=" or ">=":
                throw new ExpressionException("Invalid type combination in ordering comparison.", node.Position);
        }

        Value shape = left.Type.IsVector ? left : right;
        var type = (ArrayType)shape.ResolvedType!;
        ulong count = GetCount(shape, node.Position);
        left = Widen(left, type, node.Left.Position);
        right = Widen(right, type, node.Right.Position);
        if (left.Type.IsVector && right.Type.IsVector && !TypeFacts.AreSame(left.ResolvedType, right.ResolvedType))
            throw new ExpressionException("Cannot perform operation on vectors with different types", node.Position);

        return Map(
            shape,
            count,
            index => Arithmetic.Apply(space, node, GetElement(left, index), GetElement(right, index)),
            node.Position
        );
    }

    /// <summary>Applies the operator <c>-</c>, <c>+</c> or <c>~</c> to each element of a vector.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="apply">The operator, for one element.</param>
    /// <param name="position">The position of the operator.</param>
    /// <exception cref="ExpressionException">An element cannot be read, or does not have the operator.</exception>
    public static Value Apply(Value value, Func<Value, Value> apply, int position) =>
        Map(value, GetCount(value, position), index => apply(GetElement(value, index)), position);

    /// <summary>Returns true when a bit of the vector is set.</summary>
    /// <exception cref="ExpressionException">The vector cannot be read.</exception>
    public static bool IsTrue(Value value, int position) =>
        ReadBytes(value, position).AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>Converts a vector to a type of the same size, or a number to a vector: the bits stay.</summary>
    /// <exception cref="ExpressionException">The sizes differ.</exception>
    public static Value Convert(Value value, DebugType type, int position)
    {
        bool isToVector = type.IsVector;
        if (value.Size is { } size && value.Space.GetSize(type) == size && (isToVector || type.IsScalar))
            return value.Reinterpret(type);

        throw new ExpressionException(
            isToVector && value.Type.IsScalar ? "can only cast scalar to vector of same size"
                : isToVector ? "Cannot convert between vector values of different sizes"
                : "Invalid cast.",
            position
        );
    }

    private static Value GetElement(Value value, ulong index) =>
        value.Type.IsVector ? value.Index((long)index)! : value;

    private static ulong GetCount(Value vector, int position) =>
        vector.ResolvedType is ArrayType { Count: { } count } && vector.Size is <= MaxSize
            ? count
            : throw new ExpressionException("The size of the vector is not known.", position);

    private static Value Map(Value shape, ulong count, Func<ulong, Value> compute, int position)
    {
        DebugType element = ((ArrayType)shape.ResolvedType!).Element;
        byte[] bytes = new byte[(int)shape.Size!.Value];
        int size = bytes.Length / (int)Math.Max(count, 1);
        for (ulong i = 0; i < count; i++)
        {
            Value result = Conversions.Convert(compute(i), element, CastKind.Convert, position);
            if (result.ReadBytes(bytes.AsSpan((int)i * size, size)) is { } problem)
                throw Arithmetic.Describe(problem, position);
        }

        return shape.Space.FromBytes(shape.Type!.Stripped, bytes);
    }

    /// <summary>Converts a number to the type of a vector's elements; a vector stays as it is.</summary>
    private static Value Widen(Value value, ArrayType vector, int position)
    {
        if (value.Type.IsVector)
            return value;

        if (!(value.Type.IsIntegral || value.Type.IsFloat))
            throw new ExpressionException("Argument to operation not a number or boolean.", position);

        Value converted = Conversions.Convert(value, vector.Element, CastKind.Convert, position);
        bool isSame =
            Floats.BinaryFloat.Compare(Arithmetic.ReadFloat(value, position), Arithmetic.ReadFloat(converted, position))
            == 0;
        bool isRounded = converted.Type.IsFloat && value.Type.IsFloat;
        return isSame || (isRounded && converted.Size >= value.Size)
            ? converted
            : throw new ExpressionException("conversion of scalar to vector involves truncation", position);
    }

    private static bool AreEqual(Node.Binary node, Value left, Value right)
    {
        if (!left.Type.IsVector || !right.Type.IsVector || left.Size != right.Size)
            throw new ExpressionException("Invalid type combination in equality test.", node.Position);

        return ReadBytes(left, node.Left.Position).AsSpan().SequenceEqual(ReadBytes(right, node.Right.Position));
    }

    private static byte[] ReadBytes(Value value, int position)
    {
        GetCount(value, position);
        byte[] bytes = new byte[(int)(value.Size ?? 0)];
        return value.ReadBytes(bytes) is { } problem ? throw Arithmetic.Describe(problem, position) : bytes;
    }
}
