using Osprey.Guests.Modules;
using Osprey.Symbols;
using Osprey.Values;

namespace Osprey.Session.Guests;

/// <summary>
/// Names for addresses in printed values, out of the symbol tables of a guest's programs. What the guest has loaded is
/// looked for when an address is in nothing that is known.
/// </summary>
internal sealed class SessionAddressNames(GuestSession session) : IAddressNames
{
    public AddressName? Find(ulong address) =>
        FindSymbols(address).FindTableSymbol(address) is { } symbol
            ? new AddressName(symbol.Name, address - symbol.Address)
            : null;

    public ulong? FindUntyped(string name)
    {
        if (session.Symbols.FindInTables(name) is not [{ } only])
            return null;

        session.NoteDiscarded(only.Address);
        return only.Address;
    }

    private Symbolizer FindSymbols(ulong address)
    {
        Symbolizer known = session.KnownPrograms.Symbols;
        return known.Modules.Find(address) is null && session.Os is IGuestModules os && os.CanBeLoadedAt(address)
            ? session.Symbols
            : known;
    }
}
