using System.Globalization;

namespace Osprey.Symbols.Dumps;

/// <summary>Writes places in a symbol or module as OSv's tools do.</summary>
internal static class DumpPlaceNames
{
    /// <summary>Returns <c>NAME+0xOFFSET (0xADDRESS)</c>.</summary>
    public static string Format(string name, ulong offset, ulong address) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}+0x{offset:x} ({FormatAddress(address)})");

    /// <summary>Formats as C's <c>%#08x</c> does: at least eight characters with the prefix.</summary>
    private static string FormatAddress(ulong address) => "0x" + address.ToString("x6", CultureInfo.InvariantCulture);
}
