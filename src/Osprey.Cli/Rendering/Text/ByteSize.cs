using System.Globalization;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Writes sizes for people: <c>2.6 MiB</c>.</summary>
internal static class ByteSize
{
    /// <summary>A size in the largest unit that it fills, with one decimal.</summary>
    public static string Format(long bytes) =>
        bytes >= 1L << 30 ? Format(bytes, 1L << 30, "GiB")
        : bytes >= 1 << 20 ? Format(bytes, 1 << 20, "MiB")
        : bytes >= 1 << 10 ? Format(bytes, 1 << 10, "KiB")
        : $"{bytes} B";

    private static string Format(long bytes, long unit, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / unit:F1} {name}");
}
