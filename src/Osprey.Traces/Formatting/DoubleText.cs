using System.Globalization;

namespace Osprey.Traces.Formatting;

/// <summary>Floating-point numbers as printf writes them, which .NET's own formats do not quite.</summary>
internal static class DoubleText
{
    /// <summary>
    /// Formats as one of the conversions f, e, g or their upper-case forms; without sign flags and padding.
    /// </summary>
    public static string Format(double value, char conversion, int precision, bool alternate)
    {
        bool upper = char.IsUpper(conversion);
        string text = !double.IsFinite(value)
            ? NonFinite(value)
            : char.ToLowerInvariant(conversion) switch
            {
                'f' => WithPoint(
                    value.ToString("F" + (precision < 0 ? 6 : precision), CultureInfo.InvariantCulture),
                    alternate
                ),
                'e' => Exponential(value, precision < 0 ? 6 : precision, alternate),
                _ => General(value, precision < 0 ? 6 : Math.Max(precision, 1), alternate),
            };
        return upper ? text.ToUpperInvariant() : text;
    }

    /// <summary>
    /// The shortest text that reads back as the same number, with a fraction or an exponent: <c>2.0</c>, <c>1e-07</c>.
    /// </summary>
    public static string Shortest(double value)
    {
        if (!double.IsFinite(value))
            return NonFinite(value);

        string digits = value.ToString("E16", CultureInfo.InvariantCulture);
        int exponent = int.Parse(
            digits.AsSpan(digits.IndexOf('E') + 1),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture
        );
        if (value != 0 && exponent is < -4 or >= 16)
        {
            string text = value.ToString("R", CultureInfo.InvariantCulture);
            int mark = text.IndexOf('E');
            string mantissa = mark < 0 ? text : text[..mark];
            if (mark < 0)
            {
                // The runtime wrote it without an exponent: take the significant digits and place the point anew.
                string significant = mantissa
                    .TrimStart('-')
                    .Replace(".", "", StringComparison.Ordinal)
                    .TrimStart('0')
                    .TrimEnd('0');
                mantissa =
                    (value < 0 ? "-" : "") + significant[..1] + (significant.Length > 1 ? "." + significant[1..] : "");
            }

            return mantissa + ExponentText(exponent);
        }

        string plain = value.ToString("R", CultureInfo.InvariantCulture);
        if (plain.Contains('E', StringComparison.Ordinal))
            plain = ((decimal)value).ToString(CultureInfo.InvariantCulture);

        return plain.Contains('.', StringComparison.Ordinal) ? plain : plain + ".0";
    }

    private static string NonFinite(double value) =>
        double.IsNaN(value) ? "nan"
        : value > 0 ? "inf"
        : "-inf";

    private static string ExponentText(int exponent) =>
        (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    private static string Exponential(double value, int precision, bool alternate = false)
    {
        string text = value.ToString("E" + precision, CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E');
        return WithPoint(text[..mark], alternate)
            + ExponentText(
                int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            );
    }

    private static string General(double value, int precision, bool alternate)
    {
        string scientific = Exponential(value, precision - 1);
        int mark = scientific.IndexOf('e');
        int exponent = int.Parse(
            scientific.AsSpan(mark + 1),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture
        );
        if (exponent < -4 || exponent >= precision)
            return (alternate ? WithPoint(scientific[..mark], alternate) : TrimFraction(scientific[..mark]))
                + scientific[mark..];

        string plain = value.ToString("F" + (precision - 1 - exponent), CultureInfo.InvariantCulture);
        return alternate ? WithPoint(plain, alternate) : TrimFraction(plain);
    }

    /// <summary>The alternate form has a point even when no digits follow it.</summary>
    private static string WithPoint(string text, bool alternate) =>
        alternate && !text.Contains('.', StringComparison.Ordinal) ? text + "." : text;

    private static string TrimFraction(string text) =>
        text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
}
