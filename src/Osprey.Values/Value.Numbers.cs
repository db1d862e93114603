using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Floats;

namespace Osprey.Values;

/// <content>Values as numbers.</content>
public sealed partial class Value
{
    private const int MaxBitFieldBytes = 9;

    /// <summary>Reads an integer, character, bool, enumeration or pointer, or the content of an atomic.</summary>
    /// <param name="value">
    /// The number, signed or not as its type says. An unsigned number over 127 bits has the same bits as the result.
    /// </param>
    /// <param name="problem">The reason why it cannot be read; null when it could.</param>
    /// <returns>False when the value cannot be read, or is not such a number.</returns>
    public bool TryReadInteger(out Int128 value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        Value target = Follow();
        target = Containers.SmartPointers.UnwrapScalar(target) ?? target;
        if (target.ResolvedType is not (BaseType or EnumType or PointerType) || target.Type.IsFloat)
        {
            value = 0;
            problem = Expressions.NameResolver.IsUntyped(target.Type)
                ? ValueProblem.Untyped
                : target.ProblemOfStorage ?? ValueProblem.NoSize($"a number of type {TypeNames.Spell(target.Type)}");
            return false;
        }

        if (target.ResolvedType is BaseType && !target.Type.IsIntegral)
        {
            // Complex and decimal numbers, and formats to come: their bytes as an integer would be a lie.
            value = 0;
            problem = target.ProblemOfStorage ?? ValueProblem.NotUnderstood(TypeNames.Spell(target.Type));
            return false;
        }

        return target.Bits is { } bits
            ? target.TryReadBits(bits, out value, out problem)
            : target.TryReadWhole(out value, out problem);
    }

    /// <summary>Reads a number as unsigned; a negative one gives the same bits. False when it cannot be read.</summary>
    public bool TryGetUInt64(out ulong value)
    {
        bool known = TryReadInteger(out Int128 number, out _);
        value = unchecked((ulong)number);
        return known;
    }

    /// <summary>Reads a number as signed; one over 63 bits gives the same bits. False when it cannot be read.</summary>
    public bool TryGetInt64(out long value)
    {
        bool known = TryReadInteger(out Int128 number, out _);
        value = unchecked((long)number);
        return known;
    }

    /// <summary>Reads a floating point number, or converts an integer to one. Rounds a long double.</summary>
    /// <param name="value">The number.</param>
    /// <param name="problem">The reason why it cannot be read; null when it could.</param>
    /// <returns>False when the value cannot be read, or is not a number.</returns>
    public bool TryReadFloat(out double value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        bool known = TryReadExact(out BinaryFloat number, out problem);
        value = known ? number.ToDouble() : 0;
        return known;
    }

    /// <summary>Reads a floating point number of any format, or converts an integer to one. Rounds nothing.</summary>
    internal bool TryReadExact(out BinaryFloat value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        Value target = Follow();
        value = default;
        if (FloatFormat.Find(target.Type) is not { } format)
        {
            bool known = target.TryReadInteger(out Int128 integer, out problem);
            value = BinaryFloat.FromInteger(
                target.ResolvedType is BaseType { Size: 16 } && !target.Type.IsSignedInteger
                    ? unchecked((UInt128)integer)
                    : integer
            );
            return known;
        }

        Span<byte> bytes = stackalloc byte[16];
        problem = target.ReadBytes(bytes[..format.Bytes]);
        if (problem is not null)
            return false;

        value = BinaryFloat.Read(bytes, format);
        return true;
    }

    /// <summary>
    /// Reads a floating point number, or converts an integer to one; false when it cannot be read or is not a number.
    /// </summary>
    public bool TryGetDouble(out double value) => TryReadFloat(out value, out _);

    private bool TryReadWhole(out Int128 value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        value = 0;
        if (Size is not (> 0 and <= 16 and var size))
        {
            problem = ProblemOfSize;
            return false;
        }

        problem = ReadBytes(bytes[..(int)size]);
        if (problem is not null)
            return false;

        value = Extend(BinaryPrimitives.ReadUInt128LittleEndian(bytes), (int)size * 8, Type.IsSignedInteger);
        return true;
    }

    private bool TryReadBits(MemberBits bits, out Int128 value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        int count = Math.Clamp(bits.Count, 1, 64);
        int shift = bits.Shift & 7;
        problem = ReadBytes(bytes[..Math.Min((shift + count + 7) / 8, MaxBitFieldBytes)]);
        value = problem is null
            ? Extend(BinaryPrimitives.ReadUInt128LittleEndian(bytes) >> shift, count, Type.IsSignedInteger)
            : 0;
        return problem is null;
    }

    private static Int128 Extend(UInt128 bits, int count, bool isSigned)
    {
        int unused = 128 - count;
        return unchecked(isSigned ? (Int128)(bits << unused) >> unused : (Int128)((bits << unused) >> unused));
    }
}
