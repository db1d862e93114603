using System.Globalization;

namespace Osprey.Session.Guests;

/// <summary>Sizes of memory as people say them.</summary>
public static class SizeText
{
    /// <summary>The size in the largest unit that keeps it whole: "512 MiB", "4 KiB", "1234 B".</summary>
    public static string Format(ulong size)
    {
        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB"];
        int unit = 0;
        while (size != 0 && size % 1024 == 0 && unit < units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size} {units[unit]}");
    }
}
