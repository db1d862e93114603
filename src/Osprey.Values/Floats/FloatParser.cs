using System.Globalization;
using System.Numerics;

namespace Osprey.Values.Floats;

/// <summary>Reads floating point numbers as C writes them: <c>1.5e-3</c>, and in hexadecimal <c>0x1.8p3</c>.</summary>
internal static class FloatParser
{
    // No format has numbers with exponents beyond these; larger ones are infinities, smaller ones zero.
    private const int MaxDecimalExponent = 20_000;
    private const int MaxBinaryExponent = 100_000;

    /// <summary>Reads a number without its suffix; false when the text is malformed.</summary>
    /// <param name="text">The text.</param>
    /// <param name="format">
    /// The format in which the number will be stored, which decides the bits that are needed.
    /// </param>
    /// <param name="value">The number.</param>
    public static bool TryParse(ReadOnlySpan<char> text, FloatFormat format, out BinaryFloat value)
    {
        value = default;
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (isHex)
            text = text[2..];

        int exponent = 0;
        int mark = isHex ? text.IndexOfAny('p', 'P') : text.IndexOfAny('e', 'E');
        if (mark >= 0)
        {
            if (!TryParseExponent(text[(mark + 1)..], out exponent))
                return false;

            text = text[..mark];
        }

        int dot = text.IndexOf('.');
        ReadOnlySpan<char> whole = dot < 0 ? text : text[..dot];
        ReadOnlySpan<char> fraction = dot < 0 ? default : text[(dot + 1)..];
        if (whole.Length + fraction.Length == 0 || !AreDigits(whole, isHex) || !AreDigits(fraction, isHex))
            return false;

        var digits = BigInteger.Parse(
            $"0{whole}{fraction}",
            isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture
        );
        value = isHex
            ? FromBinary(digits, exponent - (4L * fraction.Length))
            : FromDecimal(digits, exponent, fraction.Length, format);
        return true;
    }

    private static BinaryFloat FromBinary(BigInteger digits, long exponent) =>
        digits.IsZero || exponent < -MaxBinaryExponent ? BinaryFloat.FromInteger(BigInteger.Zero)
        : exponent > MaxBinaryExponent ? BinaryFloat.Infinity(false)
        : new BinaryFloat(FloatKind.Finite, false, digits, (int)exponent);

    private static BinaryFloat FromDecimal(BigInteger digits, long exponent, int fractionLength, FloatFormat format)
    {
        exponent -= fractionLength;
        if (digits.IsZero || exponent < -MaxDecimalExponent)
            return BinaryFloat.FromInteger(BigInteger.Zero);

        if (exponent > MaxDecimalExponent)
            return BinaryFloat.Infinity(false);

        return exponent >= 0
            ? BinaryFloat.FromInteger(digits * BigInteger.Pow(10, (int)exponent))
            : BinaryFloat.Divide(digits, BigInteger.Pow(10, (int)-exponent), format);
    }

    private static bool TryParseExponent(ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        bool isNegative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is '-' or '+')
            text = text[1..];

        if (text.Length == 0 || text.ContainsAnyExceptInRange('0', '9'))
            return false;

        foreach (char digit in text)
            exponent = Math.Min((exponent * 10) + (digit - '0'), 10_000_000);

        exponent = isNegative ? -exponent : exponent;
        return true;
    }

    private static bool AreDigits(ReadOnlySpan<char> text, bool isHex)
    {
        foreach (char c in text)
        {
            if (!(isHex ? char.IsAsciiHexDigit(c) : char.IsAsciiDigit(c)))
                return false;
        }

        return true;
    }
}
