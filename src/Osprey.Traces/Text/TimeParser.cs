using System.Globalization;

namespace Osprey.Traces.Text;

/// <summary>
/// Reads times and durations as users write them: <c>0.3</c>, <c>5ms</c>, <c>1.5 h</c>.
/// </summary>
public static class TimeParser
{
    // "ms" before "s", "ns" before "s": a unit must not be taken for the end of a longer one.
    private static readonly (string Name, decimal Nanoseconds)[] s_units =
    [
        ("ms", 1e6m),
        ("us", 1e3m),
        ("µs", 1e3m),
        ("ns", 1m),
        ("h", 3600e9m),
        ("m", 60e9m),
        ("s", 1e9m),
    ];

    /// <summary>Reads a number with an optional unit.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="defaultUnit">The unit of a bare number.</param>
    /// <param name="nanoseconds">The result; may be negative and may have a fraction.</param>
    public static bool TryParse(string text, string defaultUnit, out decimal nanoseconds)
    {
        ReadOnlySpan<char> number = text.AsSpan().Trim();
        decimal factor = s_units.First(unit => unit.Name == defaultUnit).Nanoseconds;
        foreach ((string name, decimal unitFactor) in s_units)
        {
            if (!number.EndsWith(name, StringComparison.Ordinal))
                continue;

            number = number[..^name.Length].TrimEnd();
            factor = unitFactor;
            break;
        }

        nanoseconds = 0;
        if (
            !decimal.TryParse(
                number,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out decimal value
            )
            || Math.Abs(value) > 1e15m
        )
        {
            return false;
        }

        nanoseconds = value * factor;
        return true;
    }

    /// <summary>
    /// As <see cref="TryParse"/>, with the rounding of the reference, to which all numbers are doubles.
    /// </summary>
    public static bool TryParseAsReference(string text, string defaultUnit, out double nanoseconds)
    {
        string unit = Array.Find(s_units, unit => text.EndsWith(unit.Name, StringComparison.Ordinal)).Name ?? "";
        string number = unit.Length > 0 ? text.TrimEnd(unit.ToCharArray()) : text;
        double factor = (double)
            s_units.First(candidate => candidate.Name == (unit.Length > 0 ? unit : defaultUnit)).Nanoseconds;
        bool isNumber =
            double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && Math.Abs(value) <= 1e15;
        nanoseconds = isNumber ? value * factor : 0;
        return isNumber;
    }
}
