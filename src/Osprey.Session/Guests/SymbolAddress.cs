using System.Globalization;
using Osprey.Symbols;

namespace Osprey.Session.Guests;

/// <summary>Addresses as users write them, and as they are shown: a symbol with the distance from its start.</summary>
internal static class SymbolAddress
{
    /// <summary>Finds the address of a number or a symbol, such as <c>0x1000</c> or <c>main+0x12</c>.</summary>
    /// <param name="text">The text that the user wrote.</param>
    /// <param name="symbols">The symbols.</param>
    /// <param name="address">The address.</param>
    /// <returns>False when it is neither a number nor a known symbol.</returns>
    /// <exception cref="FormatException">Several symbols have the name.</exception>
    public static bool TryFind(string text, Symbolizer symbols, out ulong address)
    {
        if (NumberText.TryParse(text, out address))
            return true;

        string name = text;
        ulong offset = 0;
        int plus = text.LastIndexOf('+');
        if (plus > 0 && NumberText.TryParse(text[(plus + 1)..].Trim(), out offset))
            name = text[..plus].TrimEnd();

        IReadOnlyList<TableSymbol> found = IsName(name) ? symbols.FindSymbols(name) : [];
        if (found.Count > 1)
            throw new FormatException($"'{name}' means several: {Join(found)}");

        address = found.Count == 1 ? unchecked(found[0].Address + offset) : 0;
        return found.Count == 1;
    }

    /// <summary>Gives the symbol at an address with the distance from its start; null when there is none.</summary>
    public static string? Name(ulong address, Symbolizer symbols)
    {
        if (symbols.FindTableSymbol(address) is not { } symbol)
            return null;

        ulong offset = address - symbol.Address;
        return offset == 0 ? symbol.Name : string.Create(CultureInfo.InvariantCulture, $"{symbol.Name}+0x{offset:x}");
    }

    private static bool IsName(string text) =>
        text.Length > 0 && text[0] is not ('$' or '*' or '&' or '(' or '-') && !char.IsAsciiDigit(text[0]);

    private static string Join(IReadOnlyList<TableSymbol> symbols) =>
        string.Join(
            "; ",
            symbols
                .Take(5)
                .Select(symbol => string.Create(CultureInfo.InvariantCulture, $"{symbol.Name} at 0x{symbol.Address:x}"))
        ) + (symbols.Count > 5 ? $"; and {symbols.Count - 5} more" : "");
}
