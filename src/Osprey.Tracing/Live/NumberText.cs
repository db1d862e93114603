using System.Globalization;
using Osprey.Tracing.Arguments;

namespace Osprey.Tracing.Live;

/// <summary>Numbers in the form that C's printf gives them.</summary>
internal static class NumberText
{
    public static string OfInteger(long value, char type, Conversion conversion)
    {
        bool unsigned = type is 'Q' or 'P';
        string digits;
        string sign = "";
        switch (conversion.Letter)
        {
            case 'c':
                return char.IsControl((char)(value & 0x7F)) ? "?" : ((char)(value & 0x7F)).ToString();
            case 's':
                return type == 'c' ? ((char)value).ToString() : value.ToString(CultureInfo.InvariantCulture);
            case 'p':
                return $"0x{value:x}";
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                return OfDouble(unsigned ? unchecked((ulong)value) : value, conversion);
            case 'd' or 'i' when !unsigned:
                sign = value < 0 ? "-" : SignOf(conversion);
                digits = unchecked(value < 0 ? (ulong)-value : (ulong)value).ToString(CultureInfo.InvariantCulture);
                break;
            case 'd' or 'i' or 'u':
                digits = Narrow(value, conversion).ToString(CultureInfo.InvariantCulture);
                break;
            case 'o':
                digits = Convert.ToString(unchecked((long)Narrow(value, conversion)), 8);
                if (Has(conversion, '#') && digits[0] != '0')
                    digits = "0" + digits;
                break;
            default:
                ulong number = Narrow(value, conversion);
                bool upper = conversion.Letter == 'X';
                digits = number.ToString(upper ? "X" : "x", CultureInfo.InvariantCulture);
                sign = Has(conversion, '#') && number != 0 ? (upper ? "0X" : "0x") : "";
                break;
        }

        return Fill(sign, digits, conversion, conversion.Precision);
    }

    public static string OfDouble(double value, Conversion conversion)
    {
        if (conversion.Letter is 'd' or 'i' or 'u')
        {
            long whole = double.IsFinite(value) && Math.Abs(value) < 9e18 ? (long)value : 0;
            return OfInteger(whole, 'q', conversion);
        }

        string sign = double.IsNegative(value) ? "-" : SignOf(conversion);
        if (!double.IsFinite(value))
            return sign + (double.IsNaN(value) ? "nan" : "inf");

        double magnitude = Math.Abs(value);
        int precision = conversion.Precision < 0 ? 6 : Math.Min(conversion.Precision, 100);
        string digits = char.ToLowerInvariant(conversion.Letter) switch
        {
            'f' => magnitude.ToString($"F{precision}", CultureInfo.InvariantCulture),
            'e' => Scientific(magnitude, precision),
            's' => magnitude.ToString(CultureInfo.InvariantCulture),
            _ => General(magnitude, precision == 0 ? 1 : precision),
        };
        if (char.IsAsciiLetterUpper(conversion.Letter))
            digits = digits.ToUpperInvariant();
        return Fill(sign, digits, conversion, -1);
    }

    /// <summary>A conversion without an l takes an unsigned number of 32 bits.</summary>
    private static ulong Narrow(long value, Conversion conversion) =>
        unchecked(conversion.IsLong ? (ulong)value : (uint)value);

    private static string Scientific(double value, int precision)
    {
        string format = precision == 0 ? "0e+00" : $"0.{new string('0', precision)}e+00";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string General(double value, int precision)
    {
        if (value == 0)
            return "0";

        string scientific = Scientific(value, precision - 1);
        int mark = scientific.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(
            scientific.AsSpan(mark + 1),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture
        );
        if (exponent < -4 || exponent >= precision)
            return TrimZeros(scientific[..mark]) + scientific[mark..];
        return TrimZeros(value.ToString($"F{precision - 1 - exponent}", CultureInfo.InvariantCulture));
    }

    private static string TrimZeros(string digits) =>
        digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;

    private static string Fill(string sign, string digits, Conversion conversion, int precision)
    {
        int least = Math.Max(0, Math.Min(precision, 500));
        if (precision < 0 && Has(conversion, '0') && !Has(conversion, '-'))
            least = Math.Min(conversion.Width, 500) - sign.Length;
        return digits.Length < least ? sign + new string('0', least - digits.Length) + digits : sign + digits;
    }

    private static string SignOf(Conversion conversion) =>
        Has(conversion, '+') ? "+"
        : Has(conversion, ' ') ? " "
        : "";

    private static bool Has(Conversion conversion, char flag) =>
        conversion.Flags.Contains(flag, StringComparison.Ordinal);
}
