using Osprey.Guests.Modules;
using Osprey.Guests.Programs;
using Osprey.Symbols;
using Osprey.Symbols.Types;
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

    public (ulong Address, DebugType? Type)? FindUntyped(string name) =>
        session.Symbols.FindInTables(name) is [{ } only] ? (only.Address, FindSourceType(only)) : null;

    public void NoteUse(string name, ulong address) => session.NotePlace(address, name);

    /// <summary>Finds the type that a variable has in the system's sources; null when it is not known there.</summary>
    private DebugType? FindSourceType(TableSymbol symbol)
    {
        if (session.Os is not IGuestVariableTypes os || os.FindVariableType(symbol.Name) is not { } spelled)
            return null;

        ValueSpace values = session.Kernel.Values;
        DebugType? type = values.FindType(spelled.TrimEnd('*', ' '));
        for (int depth = spelled.Count(letter => letter == '*'); type is not null && depth > 0; depth--)
            type = values.FromPointer(type, 0).Type;

        // A type that does not fit is one of another version.
        if (type is null || (symbol.Size > 0 && type.Size > symbol.Size))
            return null;

        session.KnownPrograms.AddNoteOnce(
            $"the type of {symbol.Name} is not known from the guest: it is taken to be {spelled}, as in the kernel's "
                + "sources"
        );
        return type;
    }

    private Symbolizer FindSymbols(ulong address)
    {
        Symbolizer known = session.KnownPrograms.Symbols;
        return known.Modules.Find(address) is null && session.Os is IGuestModules os && os.CanBeLoadedAt(address)
            ? session.Symbols
            : known;
    }
}
