using System.Globalization;
using Osprey.Guests;
using Osprey.Symbols;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests;

/// <content>Names and addresses.</content>
public sealed partial class GuestSession
{
    /// <summary>
    /// The symbol at a run-time address with the distance from its start, such as "main+0x12"; null when there is none.
    /// </summary>
    public string? NameAddress(ulong address)
    {
        if (Symbols.FindTableSymbol(address) is not { } symbol)
            return null;

        ulong offset = address - symbol.Address;
        return offset == 0 ? symbol.Name : string.Create(CultureInfo.InvariantCulture, $"{symbol.Name}+0x{offset:x}");
    }

    /// <summary>
    /// The first address behind the function or object that an address is in; null when that is not known.
    /// </summary>
    public ulong? FindFunctionEnd(ulong address) =>
        Symbols.FindTableSymbol(address) is { Size: > 0 } symbol && symbol.Size <= ulong.MaxValue - symbol.Address
            ? symbol.Address + symbol.Size
            : null;

    /// <summary>The address that a user means: a number, a symbol, or an expression.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="isPhysical">Whether it is a physical address; those have no symbols.</param>
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

        IReadOnlyList<TableSymbol> symbols = IsName(name) ? Symbols.FindSymbols(name) : [];
        return symbols.Count switch
        {
            1 => unchecked(symbols[0].Address + offset),
            > 1 => throw new FormatException($"'{name}' means several: {Join(symbols)}"),
            _ => EvaluateAddress(text),
        };
    }

    /// <summary>OSv keeps its page tables' place in a variable; it is read without them.</summary>
    private ulong? FindKernelRoot()
    {
        if (Identity.Kind != GuestKind.Osv || Symbols.FindSymbol("mmu::page_table_root") is not { } address)
            return null;

        ulong physical = unchecked(address - Identity.ImageShift);
        return PhysicalReader.TryReadUInt64(physical, out ulong root) && root != 0 ? root : null;
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
