using Osprey.Symbols;
using Osprey.Values;

namespace Osprey.Session.Guests;

/// <summary>Names for addresses in printed values, out of the symbol tables of a guest's programs.</summary>
internal sealed class SessionAddressNames(Symbolizer symbols) : IAddressNames
{
    public AddressName? Find(ulong address) =>
        symbols.FindTableSymbol(address) is { } symbol ? new AddressName(symbol.Name, address - symbol.Address) : null;

    public ulong? FindUntyped(string name) => symbols.FindInTables(name) is [{ } only] ? only.Address : null;
}
