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

        // A module's name comes last, as in "name+0x10 [module]".
        int end =
            text.EndsWith(']') && text.LastIndexOf(" [", StringComparison.Ordinal) is > 0 and var at ? at : text.Length;
        int plus = text[..end].LastIndexOf('+');
        if (plus > 0 && NumberText.TryParse(text[(plus + 1)..end].Trim(), out offset))
            name = text[..plus].TrimEnd() + text[end..];

        IReadOnlyList<TableSymbol> found = IsName(name) ? FindSymbols(name, symbols) : [];
        if (found.Count > 1)
            throw new FormatException($"'{name}' means several: {Join(found, symbols)}");

        address = found.Count == 1 ? unchecked(found[0].Address + offset) : 0;
        return found.Count == 1;
    }

    /// <summary>Gives the symbol at an address with the distance from its start; null when there is none.</summary>
    public static string? Name(ulong address, Symbolizer symbols) =>
        symbols.FindTableSymbol(address) is { } symbol ? Name(address, symbol) : null;

    /// <summary>Gives a symbol with the distance of an address from its start.</summary>
    public static string Name(ulong address, TableSymbol symbol)
    {
        ulong offset = address - symbol.Address;
        string name =
            offset == 0 ? symbol.Name : string.Create(CultureInfo.InvariantCulture, $"{symbol.Name}+0x{offset:x}");
        return symbol.Module is { } module ? $"{name} [{module}]" : name;
    }

    private static bool IsName(string text) =>
        text.Length > 0 && text[0] is not ('$' or '*' or '&' or '(' or '-') && !char.IsAsciiDigit(text[0]);

    /// <summary>Finds the symbols of a name; <c>FILE`NAME</c> means those of one program or library.</summary>
    internal static IReadOnlyList<TableSymbol> FindSymbols(string name, Symbolizer symbols)
    {
        if (name.EndsWith(']') && name.LastIndexOf(" [", StringComparison.Ordinal) is > 0 and var bracket)
        {
            string module = name[(bracket + 2)..^1];
            return [.. symbols.FindSymbols(name[..bracket]).Where(symbol => symbol.Module == module)];
        }

        int mark = name.IndexOf('`', StringComparison.Ordinal);
        if (mark < 0)
            return symbols.FindSymbols(name);

        string file = name[..mark];
        return [.. symbols.FindSymbols(name[(mark + 1)..]).Where(symbol => FindFile(symbol, symbols) == file)];
    }

    private static string? FindFile(TableSymbol symbol, Symbolizer symbols) =>
        symbol.Module is { } kernelModule ? kernelModule
        : symbols.Modules.Find(symbol.Address) is { } module ? Path.GetFileName(module.Path)
        : null;

    private static string Join(IReadOnlyList<TableSymbol> found, Symbolizer symbols)
    {
        string? first = FindFile(found[0], symbols);
        bool isInSeveral = found.Any(symbol => FindFile(symbol, symbols) != first);
        IEnumerable<string> places = found
            .Take(5)
            .Select(symbol =>
            {
                string file = isInSeveral && FindFile(symbol, symbols) is { } name ? $"{name}`" : "";
                return string.Create(CultureInfo.InvariantCulture, $"{file}{symbol.Name} at 0x{symbol.Address:x}");
            });
        return string.Join("; ", places) + (found.Count > 5 ? $"; and {found.Count - 5} more" : "");
    }
}
