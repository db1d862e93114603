using System.Buffers.Binary;
using System.Numerics;

namespace Osprey.Values.Floats;

/// <summary>
/// A floating point number, exact: its value is <c>Mantissa * 2^Exponent</c>, with a sign. Of a NaN, these are its
/// payload as a fraction of 1.
/// </summary>
/// <remarks>
/// <para>
/// <b>The problem.</b> Guests compute in formats that .NET does not have: 80 and 128 bits, and 16 bits of two kinds. A
/// detour through <c>double</c> loses digits, makes infinities of large numbers, and rounds twice.
/// </para>
/// <para>
/// <b>The idea.</b> Numbers are whole numbers times a power of two, without limits. Sums and products of those are
/// exact; a quotient has the bits that the result's format needs, and one more that is set when something was left.
/// <see cref="Write"/> rounds once to the format, half to even, as the hardware does. This is far slower than hardware,
/// and only for expressions that users write.
/// </para>
/// </remarks>
internal readonly record struct BinaryFloat(FloatKind Kind, bool IsNegative, BigInteger Mantissa, int Exponent)
{
    /// <summary>The NaN that x86 gives when an operation has no result.</summary>
    public static BinaryFloat NoNumber { get; } = new(FloatKind.NaN, true, BigInteger.One, -1);

    /// <summary>True for zero of either sign.</summary>
    public bool IsZero => Kind == FloatKind.Finite && Mantissa.IsZero;

    /// <summary>Makes a number from an integer.</summary>
    public static BinaryFloat FromInteger(BigInteger value) =>
        new(FloatKind.Finite, value.Sign < 0, BigInteger.Abs(value), 0);

    /// <summary>Makes an infinity.</summary>
    public static BinaryFloat Infinity(bool isNegative) => new(FloatKind.Infinite, isNegative, BigInteger.Zero, 0);

    /// <summary>Reads a number in a format; more bytes than the format has are padding.</summary>
    public static BinaryFloat Read(ReadOnlySpan<byte> bytes, FloatFormat format)
    {
        var bits = new BigInteger(bytes[..format.Bytes], isUnsigned: true);
        bool isNegative = !(bits >> ((format.Bytes * 8) - 1)).IsZero;
        int exponent = (int)(bits >> format.StoredBits) & format.SpecialExponent;
        BigInteger stored = bits & Ones(format.StoredBits);
        int fractionBits = format.Precision - 1;
        if (exponent == format.SpecialExponent)
        {
            BigInteger payload = stored & Ones(fractionBits);
            return payload.IsZero
                ? Infinity(isNegative)
                : new BinaryFloat(FloatKind.NaN, isNegative, payload, -fractionBits);
        }

        if (!format.HasLeadingBit && exponent > 0)
            stored |= BigInteger.One << fractionBits;

        return new(FloatKind.Finite, isNegative, stored, Math.Max(exponent, 1) - format.Bias - fractionBits);
    }

    /// <summary>
    /// Writes the number in a format, rounded half to even; bytes that the format does not have are 0.
    /// </summary>
    public void Write(Span<byte> bytes, FloatFormat format)
    {
        (int exponent, BigInteger stored) = Kind switch
        {
            FloatKind.Infinite => (format.SpecialExponent, BigInteger.Zero),
            FloatKind.NaN => (format.SpecialExponent, GetPayload(format)),
            _ => Round(format),
        };
        if (!format.HasLeadingBit)
            stored &= Ones(format.StoredBits);
        else if (exponent == format.SpecialExponent)
            stored |= BigInteger.One << (format.Precision - 1);

        BigInteger sign = IsNegative ? BigInteger.One << ((format.Bytes * 8) - 1) : BigInteger.Zero;
        BigInteger bits = sign | ((BigInteger)exponent << format.StoredBits) | stored;
        bytes.Clear();
        bits.TryWriteBytes(bytes, out _, isUnsigned: true);
    }

    /// <summary>Rounds the number to a format.</summary>
    public BinaryFloat RoundTo(FloatFormat format)
    {
        Span<byte> bytes = stackalloc byte[16];
        Write(bytes, format);
        return Read(bytes, format);
    }

    /// <summary>Converts the number to the nearest double.</summary>
    public double ToDouble()
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        Write(bytes, FloatFormat.Double);
        return BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    /// <summary>Drops the fraction of a finite number.</summary>
    public BigInteger Truncate()
    {
        BigInteger size = Exponent >= 0 ? Mantissa << Exponent : Mantissa >> -Exponent;
        return IsNegative ? -size : size;
    }

    /// <summary>Compares two numbers; null when one of them is a NaN.</summary>
    public static int? Compare(BinaryFloat left, BinaryFloat right)
    {
        if (left.Kind == FloatKind.NaN || right.Kind == FloatKind.NaN)
            return null;

        if (left.Kind == FloatKind.Infinite || right.Kind == FloatKind.Infinite)
            return Rank(left).CompareTo(Rank(right));

        int common = Math.Min(left.Exponent, right.Exponent);
        return left.Scale(common).CompareTo(right.Scale(common));
    }

    public static BinaryFloat operator -(BinaryFloat value) => value with { IsNegative = !value.IsNegative };

    public static BinaryFloat operator -(BinaryFloat left, BinaryFloat right) =>
        right.Kind == FloatKind.NaN ? left + right : left + -right;

    public static BinaryFloat operator +(BinaryFloat left, BinaryFloat right)
    {
        if (FindNaN(left, right) is { } nan)
            return nan;

        if (left.Kind == FloatKind.Infinite)
            return right.Kind == FloatKind.Infinite && left.IsNegative != right.IsNegative ? NoNumber : left;

        if (right.Kind == FloatKind.Infinite)
            return right;

        int common = Math.Min(left.Exponent, right.Exponent);
        BigInteger sum = left.Scale(common) + right.Scale(common);
        bool isNegative = sum.IsZero ? left.IsNegative && right.IsNegative : sum.Sign < 0;
        return new BinaryFloat(FloatKind.Finite, isNegative, BigInteger.Abs(sum), common);
    }

    public static BinaryFloat operator *(BinaryFloat left, BinaryFloat right)
    {
        if (FindNaN(left, right) is { } nan)
            return nan;

        bool isNegative = left.IsNegative != right.IsNegative;
        if (left.Kind == FloatKind.Infinite || right.Kind == FloatKind.Infinite)
            return left.IsZero || right.IsZero ? NoNumber : Infinity(isNegative);

        return new(FloatKind.Finite, isNegative, left.Mantissa * right.Mantissa, left.Exponent + right.Exponent);
    }

    /// <summary>Divides two numbers, with at least as many bits as a format has.</summary>
    public static BinaryFloat Divide(BinaryFloat left, BinaryFloat right, FloatFormat format)
    {
        if (FindNaN(left, right) is { } nan)
            return nan;

        bool isNegative = left.IsNegative != right.IsNegative;
        if (left.Kind == FloatKind.Infinite)
            return right.Kind == FloatKind.Infinite ? NoNumber : Infinity(isNegative);

        if (right.Kind == FloatKind.Infinite)
            return new BinaryFloat(FloatKind.Finite, isNegative, BigInteger.Zero, 0);

        if (right.IsZero)
            return left.IsZero ? NoNumber : Infinity(isNegative);

        BinaryFloat quotient = Divide(left.Mantissa, right.Mantissa, format);
        return quotient with { IsNegative = isNegative, Exponent = quotient.Exponent + left.Exponent - right.Exponent };
    }

    /// <summary>
    /// Divides two whole numbers. The quotient has more bits than the format; the lowest one is set when there is a
    /// rest, so that rounding sees it.
    /// </summary>
    public static BinaryFloat Divide(BigInteger numerator, BigInteger denominator, FloatFormat format)
    {
        int shift = (int)Math.Max(0, format.Precision + 3 + denominator.GetBitLength() - numerator.GetBitLength());
        var quotient = BigInteger.DivRem(numerator << shift, denominator, out BigInteger rest);
        return new BinaryFloat(
            FloatKind.Finite,
            false,
            (quotient << 1) | (rest.IsZero ? BigInteger.Zero : BigInteger.One),
            -shift - 1
        );
    }

    private static BinaryFloat? FindNaN(BinaryFloat left, BinaryFloat right) =>
        left.Kind == FloatKind.NaN ? left
        : right.Kind == FloatKind.NaN ? right
        : null;

    private static int Rank(BinaryFloat value) =>
        value.Kind != FloatKind.Infinite ? 0
        : value.IsNegative ? -1
        : 1;

    private static BigInteger Ones(int count) => (BigInteger.One << count) - 1;

    private BigInteger Scale(int exponent)
    {
        BigInteger size = Mantissa << (Exponent - exponent);
        return IsNegative ? -size : size;
    }

    /// <summary>Gets a NaN's payload in a format, with the bit that makes the NaN a quiet one.</summary>
    private BigInteger GetPayload(FloatFormat format)
    {
        int shift = Exponent + format.Precision - 1;
        return (shift >= 0 ? Mantissa << shift : Mantissa >> -shift) | (BigInteger.One << (format.Precision - 2));
    }

    private (int Exponent, BigInteger Stored) Round(FloatFormat format)
    {
        if (Mantissa.IsZero)
            return (0, BigInteger.Zero);

        long top = Mantissa.GetBitLength() - 1 + Exponent;
        if (top > format.Bias)
            return (format.SpecialExponent, BigInteger.Zero);

        // The exponent of the lowest bit that the format keeps. Numbers below the smallest are rounded to 0 or to it.
        long lowest = Math.Max(top, 1 - format.Bias) - (format.Precision - 1);
        long shift = lowest - Exponent;
        BigInteger kept = shift > 0 ? RoundShift(Mantissa, shift) : Mantissa << (int)-shift;
        if (kept.GetBitLength() > format.Precision)
        {
            kept >>= 1;
            lowest++;
        }

        bool isNormal = kept.GetBitLength() == format.Precision;
        long exponent = isNormal ? lowest + format.Precision - 1 + format.Bias : 0;
        return exponent >= format.SpecialExponent ? (format.SpecialExponent, BigInteger.Zero) : ((int)exponent, kept);
    }

    private static BigInteger RoundShift(BigInteger value, long shift)
    {
        if (shift > value.GetBitLength() + 1)
            return BigInteger.Zero;

        BigInteger kept = value >> (int)shift;
        BigInteger half = BigInteger.One << (int)(shift - 1);
        int order = (value & ((half << 1) - 1)).CompareTo(half);
        return order > 0 || (order == 0 && !kept.IsEven) ? kept + 1 : kept;
    }
}
