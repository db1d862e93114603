using System.Globalization;
using System.Text.RegularExpressions;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>Reads a moment of wall-clock time as users write it.</summary>
internal static partial class StartTime
{
    private const long NanosecondsPerTick = 100;
    private const decimal Latest = 16_725_225_600m * 1_000_000_000; // the year 2500; guest time must fit behind it
    private static readonly string[] s_formats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];

    /// <summary>Reads an ISO 8601 date with an optional time, up to nanoseconds, or seconds since 1970.</summary>
    /// <param name="text">What the user wrote. Without a time zone it is UTC.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970.</param>
    /// <returns>False when it is neither, or not between 1970 and 2500.</returns>
    public static bool TryParse(string text, out ulong nanoseconds)
    {
        nanoseconds = 0;
        decimal value;
        if (
            decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds)
            && seconds < 1e11m
        )
        {
            value = seconds * 1_000_000_000;
        }
        else
        {
            Match match = IsoPattern().Match(text);
            if (
                !match.Success
                || !DateTime.TryParseExact(
                    match.Groups["date"].Value.Replace(' ', 'T'),
                    s_formats,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out DateTime date
                )
            )
            {
                return false;
            }

            string fraction = match.Groups["fraction"].Value.PadRight(9, '0');
            value =
                ((decimal)(date - DateTime.UnixEpoch).Ticks * NanosecondsPerTick)
                + int.Parse(fraction, CultureInfo.InvariantCulture)
                - OffsetOf(match);
        }

        if (value is < 0 or > Latest)
            return false;

        nanoseconds = (ulong)value;
        return true;
    }

    private static decimal OffsetOf(Match match)
    {
        if (!match.Groups["sign"].Success)
            return 0;

        decimal minutes =
            (int.Parse(match.Groups["hours"].Value, CultureInfo.InvariantCulture) * 60)
            + int.Parse(match.Groups["minutes"].Value, CultureInfo.InvariantCulture);
        return (match.Groups["sign"].Value == "-" ? -minutes : minutes) * 60_000_000_000;
    }

    [GeneratedRegex(
        @"^(?<date>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?:(?<=:\d\d:\d\d)[.,](?<fraction>\d{1,9}))?"
            + @"(?:Z|(?<sign>[+-])(?<hours>\d\d):?(?<minutes>\d\d))?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex IsoPattern();
}
