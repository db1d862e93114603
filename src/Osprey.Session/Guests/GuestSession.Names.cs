using Osprey.Guests.Programs;
using Osprey.Target;

namespace Osprey.Session.Guests;

/// <content>Names for addresses.</content>
public sealed partial class GuestSession
{
    /// <summary>
    /// Gives the symbol at a run-time address with the distance from its start, such as "main+0x12"; null when there is
    /// none.
    /// </summary>
    public string? NameAddress(ulong address) => SymbolAddress.Name(address, Symbols);

    /// <summary>Adds a note, once, when the memory at a symbol's address is not what the symbol names.</summary>
    /// <param name="address">The address.</param>
    /// <param name="name">The symbol's name; null where only the address is known.</param>
    internal void NotePlace(ulong address, string? name = null)
    {
        if (Os is not IGuestSymbolPlaces os)
            return;

        try
        {
            if (os.DescribePlace(Kernel, address) is { } fate && (name ?? NameAddress(address)) is { } known)
                KnownPrograms.AddNoteOnce($"{known} {fate}");
        }
        catch (TargetException)
        {
            // Without page tables nothing is read there either, and that is said.
        }
    }

    /// <summary>
    /// Finds the first address behind the function or object that an address is in; null when that is not known.
    /// </summary>
    internal ulong? FindFunctionEnd(ulong address) =>
        Symbols.FindTableSymbol(address) is { Size: > 0 } symbol && symbol.Size <= ulong.MaxValue - symbol.Address
            ? symbol.Address + symbol.Size
            : null;
}
