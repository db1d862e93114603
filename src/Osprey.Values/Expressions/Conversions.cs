using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Expressions.Classes;

namespace Osprey.Values.Expressions;

/// <summary>Converts values from type to type, for casts and operators.</summary>
internal static class Conversions
{
    /// <summary>Converts a value to a type; null means void.</summary>
    /// <exception cref="ExpressionException">The value cannot be converted, or cannot be read.</exception>
    public static Value Convert(Value value, DebugType? type, CastKind kind, int position)
    {
        ValueSpace space = value.Space;
        if (type is null)
            return space.FromBytes(null, default);

        if (type.IsReference)
            return ConvertReference(value.Follow(), (PointerType)type.Stripped, kind, position);

        value = value.Follow();
        DebugType? resolved = space.Resolve(type);
        if (TypeFacts.AreSame(value.ResolvedType, resolved))
            return value.Bits is null
                ? value.Reinterpret(type)
                : space.FromInteger(type, Arithmetic.ReadInteger(value, position));

        if (type.IsVector || value.Type.IsVector)
            return VectorArithmetic.Convert(value, type, position);

        switch (resolved)
        {
            case PointerType pointer:
                return ConvertPointer(value, type, pointer, kind, position);
            case BaseType or EnumType when IsNumber(value):
                return ConvertNumber(value, type, position);
            case CompoundType target when value.ResolvedType is CompoundType && kind == CastKind.Convert:
                return ClassCasts.FindRelated(value, target, position) ?? throw Invalid(position);
            case ArrayType array when value.Address is not null && array.Count is not null:
                return value.Reinterpret(type);
            default:
                throw Invalid(position);
        }
    }

    /// <summary>
    /// Returns true when a value can be used as a number or address; smart pointers, arrays and functions can.
    /// </summary>
    public static bool IsNumber(Value value) =>
        value.ResolvedType switch
        {
            BaseType or EnumType or PointerType => true,
            ArrayType { IsVector: true } => false,
            ArrayType or FunctionType => value.Address is not null,
            CompoundType => SmartOf(value) is not null,
            _ => false,
        };

    /// <summary>
    /// Converts an array to a pointer to its first element, a function to a pointer to it, and an atomic or smart
    /// pointer to its content. Any other value, also a vector of the processor, stays as it is.
    /// </summary>
    /// <exception cref="ExpressionException">The array is not in memory.</exception>
    public static Value Decay(Value value, int position)
    {
        value = value.Follow();
        switch (value.ResolvedType)
        {
            case ArrayType { IsVector: false } array:
                return value.Address is { } first
                    ? value.Space.FromPointer(array.Element, first)
                    : throw new ExpressionException(
                        "Attempt to take address of value not located in memory.",
                        position
                    );
            case FunctionType:
                return value.Space.FromPointer(value.Type, value.Address ?? 0);
            case CompoundType:
                return SmartOf(value) ?? value;
            default:
                return value;
        }
    }

    private static Value? SmartOf(Value value) =>
        Containers.SmartPointers.UnwrapScalar(value) ?? Containers.SmartPointers.Unwrap(value);

    private static Value ConvertNumber(Value value, DebugType type, int position)
    {
        Value number = Decay(value, position);
        if (type.IsFloat)
            return Arithmetic.FromFloat(value.Space, type, Arithmetic.ReadFloat(number, position));

        if (type.IsBool)
        {
            bool isTrue = number.Type.IsFloat
                ? !Arithmetic.ReadFloat(number, position).IsZero
                : Arithmetic.ReadInteger(number, position) != 0;
            return value.Space.FromInteger(type, isTrue ? 1 : 0);
        }

        return value.Space.FromInteger(type, Arithmetic.ReadInteger(number, type, position));
    }

    private static Value ConvertPointer(Value value, DebugType type, PointerType target, CastKind kind, int position)
    {
        if (!IsNumber(value))
            throw Invalid(position);

        Value pointer = Decay(value, position);
        Int128 address = Arithmetic.ReadInteger(pointer, position);
        ValueSpace space = value.Space;
        bool isClass = pointer.ResolvedType is PointerType && space.Resolve(target.Target) is CompoundType;
        if (kind == CastKind.Reinterpret || !isClass || address == 0)
            return space.FromInteger(type, address);

        var wanted = (CompoundType)space.Resolve(target.Target)!;
        Value pointee = pointer.Dereference();
        Value? related =
            kind == CastKind.Dynamic ? ClassCasts.FindDynamic(pointee, wanted, position)
            : pointee.ResolvedType is CompoundType ? ClassCasts.FindRelated(pointee, wanted, position)
            : null;
        if (kind == CastKind.Dynamic)
            return space.FromInteger(type, related?.Address ?? 0);

        return space.FromInteger(type, related?.Address ?? unchecked((ulong)address));
    }

    private static Value ConvertReference(Value value, PointerType target, CastKind kind, int position)
    {
        if (
            value.Space.Resolve(target.Target) is CompoundType wanted
            && value.ResolvedType is CompoundType
            && kind != CastKind.Reinterpret
        )
        {
            Value? related =
                kind == CastKind.Dynamic
                    ? ClassCasts.FindDynamic(value, wanted, position)
                    : ClassCasts.FindRelated(value, wanted, position);
            if (related is not null)
                return related;

            if (kind == CastKind.Dynamic)
                throw new ExpressionException("dynamic_cast failed", position);
        }

        return value.Address is { } address ? value.Space.At(target.Target, address) : throw Invalid(position);
    }

    private static ExpressionException Invalid(int position) => new("Invalid cast.", position);
}
