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

    public ulong? FindUntyped(string name) => Find(name)?.Address;

    public string? FindSourceType(string name)
    {
        if (
            session.Os is not IGuestVariableTypes os
            || Find(name) is not { } symbol
            || os.FindVariableType(name) is not { } type
        )
            return null;

        // A type that does not fit is one of another version.
        DebugType? found = session.Kernel.Values.FindType(type);
        if (symbol.Size > 0 && found?.Size > symbol.Size)
            return null;

        session.KnownPrograms.AddNoteOnce(
            $"the type of {name} is not known from the guest: it is taken to be {type}, as in the kernel's sources"
        );
        return type;
    }

    public void NoteUse(string name, ulong address) => session.NotePlace(address, name);

    private TableSymbol? Find(string name) => session.Symbols.FindInTables(name) is [{ } only] ? only : null;

    private Symbolizer FindSymbols(ulong address)
    {
        Symbolizer known = session.KnownPrograms.Symbols;
        return known.Modules.Find(address) is null && session.Os is IGuestModules os && os.CanBeLoadedAt(address)
            ? session.Symbols
            : known;
    }
}
