using System.Globalization;

namespace Osprey.Symbols.Dumps;

/// <summary>The text that OSv's tools make of a place in a symbol or module.</summary>
internal static class DumpNames
{
    public static string Format(string name, ulong offset, ulong address) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}+0x{offset:x} ({FormatAddress(address)})");

    /// <summary>As C's <c>%#08x</c>: at least eight characters with the prefix.</summary>
    private static string FormatAddress(ulong address) => "0x" + address.ToString("x6", CultureInfo.InvariantCulture);
}
