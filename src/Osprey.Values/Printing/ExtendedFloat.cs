using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Osprey.Values.Printing;

/// <summary>
/// A number in the 80-bit format of the x87: sign, 15 bits of exponent, and 64 bits of fraction with its leading 1 bit.
/// </summary>
internal readonly record struct ExtendedFloat(bool IsNegative, int Exponent, ulong Fraction)
{
    private const int Bias = 16383;
    private const int SpecialExponent = 0x7fff;
    private const int FractionBits = 63;
    private const int Digits = 21;

    /// <summary>Reads a number from its 10 bytes; more bytes are padding.</summary>
    public static ExtendedFloat Read(ReadOnlySpan<byte> bytes)
    {
        ushort top = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        return new ExtendedFloat(top >> 15 != 0, top & SpecialExponent, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
    }

    /// <summary>Converts the number to the nearest double.</summary>
    public double ToDouble()
    {
        double value =
            Exponent == SpecialExponent
                ? Fraction << 1 == 0
                    ? double.PositiveInfinity
                    : double.NaN
                : Math.ScaleB(Fraction, Math.Max(Exponent, 1) - Bias - FractionBits);
        return IsNegative ? -value : value;
    }

    /// <summary>Formats the number as printf's <c>%.21Lg</c> does.</summary>
    public override string ToString()
    {
        string sign = IsNegative ? "-" : "";
        if (Exponent == SpecialExponent)
            return Fraction << 1 == 0 ? sign + "inf" : $"{sign}nan(0x{Fraction:x})";

        if (Fraction == 0)
            return sign + "0";

        int power = Math.Max(Exponent, 1) - Bias - FractionBits;
        BigInteger numerator = power >= 0 ? (BigInteger)Fraction << power : Fraction;
        BigInteger denominator = power >= 0 ? BigInteger.One : BigInteger.One << -power;

        // The estimate of the decimal exponent may be off by one; the number of digits shows that.
        int exponent = (int)Math.Floor(BigInteger.Log10(numerator) - BigInteger.Log10(denominator));
        BigInteger digits = Scale(numerator, denominator, exponent);
        if (digits >= BigInteger.Pow(10, Digits))
            digits = Scale(numerator, denominator, ++exponent);
        else if (digits < BigInteger.Pow(10, Digits - 1))
            digits = Scale(numerator, denominator, --exponent);

        return sign + FloatText.Compose(digits.ToString(CultureInfo.InvariantCulture), exponent, Digits);
    }

    /// <summary>Computes the number's first digits as an integer, rounded half to even.</summary>
    private static BigInteger Scale(BigInteger numerator, BigInteger denominator, int exponent)
    {
        int shift = Digits - 1 - exponent;
        if (shift >= 0)
            numerator *= BigInteger.Pow(10, shift);
        else
            denominator *= BigInteger.Pow(10, -shift);

        var quotient = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
        int half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
