using System.Globalization;

namespace Osprey.Packets.Captures;

/// <summary>Writes the times of captures, in UTC with nine decimals.</summary>
public static class CaptureTime
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Writes date and time as ISO 8601 has them.</summary>
    /// <param name="nanoseconds">Nanoseconds since 1970.</param>
    public static string Format(ulong nanoseconds) => Format(nanoseconds, "yyyy-MM-dd'T'HH:mm:ss") + "Z";

    /// <summary>Writes the time of day.</summary>
    /// <param name="nanoseconds">Nanoseconds since 1970.</param>
    public static string FormatTimeOfDay(ulong nanoseconds) => Format(nanoseconds, "HH:mm:ss");

    private static string Format(ulong nanoseconds, string format)
    {
        (ulong seconds, ulong fraction) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        string time = DateTime.UnixEpoch.AddSeconds(seconds).ToString(format, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{time}.{fraction:d9}");
    }
}
