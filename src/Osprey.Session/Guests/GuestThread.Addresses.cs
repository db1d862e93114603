using System.Globalization;
using Osprey.Symbols;

namespace Osprey.Session.Guests;

/// <content>Addresses as users write them.</content>
public sealed partial class GuestThread
{
    /// <summary>Finds the address that a user means: a number, a symbol, or an expression.</summary>
    /// <param name="text">The text that the user wrote.</param>
    /// <param name="isPhysical">True for a physical address; those have no symbols.</param>
    /// <exception cref="FormatException">It is none of these, or means several things.</exception>
    public ulong ResolveAddress(string text, bool isPhysical)
    {
        if (NumberText.TryParse(text, out ulong number))
            return number;

        if (isPhysical)
            throw new FormatException($"'{text}' is not a physical address; expected a number such as 0x1000");

        string name = text;
        ulong offset = 0;
        int plus = text.LastIndexOf('+');
        if (plus > 0 && NumberText.TryParse(text[(plus + 1)..].Trim(), out offset))
            name = text[..plus].TrimEnd();

        IReadOnlyList<TableSymbol> symbols = IsName(name) ? _session.Symbols.FindSymbols(name) : [];
        return symbols.Count switch
        {
            1 => unchecked(symbols[0].Address + offset),
            > 1 => throw new FormatException($"'{name}' means several: {Join(symbols)}"),
            _ => EvaluateAddress(text),
        };
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
