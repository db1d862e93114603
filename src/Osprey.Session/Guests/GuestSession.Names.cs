using System.Globalization;

namespace Osprey.Session.Guests;

/// <content>Names for addresses.</content>
public sealed partial class GuestSession
{
    /// <summary>
    /// Gives the symbol at a run-time address with the distance from its start, such as "main+0x12"; null when there is
    /// none.
    /// </summary>
    public string? NameAddress(ulong address)
    {
        if (Symbols.FindTableSymbol(address) is not { } symbol)
            return null;

        ulong offset = address - symbol.Address;
        return offset == 0 ? symbol.Name : string.Create(CultureInfo.InvariantCulture, $"{symbol.Name}+0x{offset:x}");
    }

    /// <summary>
    /// Finds the first address behind the function or object that an address is in; null when that is not known.
    /// </summary>
    internal ulong? FindFunctionEnd(ulong address) =>
        Symbols.FindTableSymbol(address) is { Size: > 0 } symbol && symbol.Size <= ulong.MaxValue - symbol.Address
            ? symbol.Address + symbol.Size
            : null;
}
