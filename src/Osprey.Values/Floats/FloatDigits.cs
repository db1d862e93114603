using System.Globalization;
using System.Numerics;

namespace Osprey.Values.Floats;

/// <summary>Computes the decimal digits of floating point numbers of any format.</summary>
internal static class FloatDigits
{
    /// <summary>Computes the first digits of a finite number that is not zero, rounded half to even.</summary>
    /// <param name="number">The number; its sign is not looked at.</param>
    /// <param name="count">The number of digits.</param>
    /// <returns>The digits, and the decimal exponent of the first one.</returns>
    public static (string Digits, int Exponent) Compute(BinaryFloat number, int count)
    {
        BigInteger numerator = number.Exponent >= 0 ? number.Mantissa << number.Exponent : number.Mantissa;
        BigInteger denominator = number.Exponent >= 0 ? BigInteger.One : BigInteger.One << -number.Exponent;

        // The estimate of the decimal exponent may be off by one; the number of digits shows that.
        int exponent = (int)Math.Floor(BigInteger.Log10(numerator) - BigInteger.Log10(denominator));
        BigInteger digits = Scale(numerator, denominator, exponent, count);
        if (digits >= BigInteger.Pow(10, count))
            digits = Scale(numerator, denominator, ++exponent, count);
        else if (digits < BigInteger.Pow(10, count - 1))
            digits = Scale(numerator, denominator, --exponent, count);

        return (digits.ToString(CultureInfo.InvariantCulture), exponent);
    }

    /// <summary>Computes the number's first digits as an integer.</summary>
    private static BigInteger Scale(BigInteger numerator, BigInteger denominator, int exponent, int count)
    {
        int shift = count - 1 - exponent;
        if (shift >= 0)
            numerator *= BigInteger.Pow(10, shift);
        else
            denominator *= BigInteger.Pow(10, -shift);

        var quotient = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
        int half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
