using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Osprey.Values.Floats;

namespace Osprey.Values.Printing;

/// <summary>
/// Formats floating point numbers as gdb does: printf's %g with enough digits that different numbers look different.
/// </summary>
internal static class FloatText
{
    /// <summary>Formats the number with the given bytes.</summary>
    public static string Format(ReadOnlySpan<byte> bytes, FloatFormat format) =>
        ReferenceEquals(format, FloatFormat.Half)
            ? Format(
                (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
                BinaryPrimitives.ReadUInt16LittleEndian(bytes) & 0x3ffUL,
                format.Digits
            )
        : ReferenceEquals(format, FloatFormat.Single)
            ? Format(
                BinaryPrimitives.ReadSingleLittleEndian(bytes),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes) & 0x7fffffUL,
                format.Digits
            )
        : ReferenceEquals(format, FloatFormat.Double)
            ? Format(
                BinaryPrimitives.ReadDoubleLittleEndian(bytes),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes) & 0xf_ffff_ffff_ffffUL,
                format.Digits
            )
        : FormatExact(bytes, format);

    /// <summary>Formats digits and a decimal exponent as %g does.</summary>
    public static string Compose(string digits, int exponent, int precision)
    {
        string trimmed = digits.TrimEnd('0');
        if (trimmed.Length == 0)
            return "0";

        if (exponent < -4 || exponent >= precision)
        {
            string fraction = trimmed.Length > 1 ? "." + trimmed[1..] : "";
            return $"{trimmed[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + trimmed;

        string padded = trimmed.PadRight(exponent + 1, '0');
        return padded.Length == exponent + 1 ? padded : $"{padded[..(exponent + 1)]}.{padded[(exponent + 1)..]}";
    }

    /// <summary>Formats a number that no type of .NET can hold.</summary>
    private static string FormatExact(ReadOnlySpan<byte> bytes, FloatFormat format)
    {
        var number = BinaryFloat.Read(bytes, format);
        string sign = number.IsNegative ? "-" : "";
        if (number.Kind == FloatKind.NaN)
        {
            var bits = new BigInteger(bytes[..format.Bytes], isUnsigned: true);
            BigInteger stored = bits & ((BigInteger.One << format.StoredBits) - 1);
            return $"{sign}nan(0x{stored.ToString("x", CultureInfo.InvariantCulture).TrimStart('0')})";
        }

        if (number.Kind == FloatKind.Infinite)
            return sign + "inf";

        if (number.IsZero)
            return sign + "0";

        (string digits, int exponent) = FloatDigits.Compute(number, format.Digits);
        return sign + Compose(digits, exponent, format.Digits);
    }

    private static string Format(double value, ulong fraction, int precision)
    {
        string sign = double.IsNegative(value) ? "-" : "";
        if (double.IsNaN(value))
            return $"{sign}nan(0x{fraction:x})";

        if (double.IsInfinity(value))
            return sign + "inf";

        if (value == 0)
            return sign + "0";

        string scientific = Math.Abs(value).ToString($"E{precision - 1}", CultureInfo.InvariantCulture);
        int mark = scientific.IndexOf('E', StringComparison.Ordinal);
        string digits = scientific[..mark].Replace(".", "", StringComparison.Ordinal);
        return sign + Compose(digits, int.Parse(scientific[(mark + 1)..], CultureInfo.InvariantCulture), precision);
    }
}
