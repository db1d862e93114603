using System.Globalization;

namespace Osprey.Session.Guests;

/// <summary>Numbers as users write them for addresses and sizes.</summary>
public static class NumberText
{
    /// <summary>Reads a whole number: decimal digits, or hexadecimal ones behind 0x; no sign, no blanks.</summary>
    /// <returns>False when it is something else, or over 64 bits.</returns>
    public static bool TryParse(string text, out ulong number) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
