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

    /// <summary>
    /// Adds a note, once, when a symbol names memory that is not its own any more, since the kernel gave it back.
    /// </summary>
    internal void NoteDiscarded(ulong address)
    {
        if (Os is not IGuestDiscardedMemory os)
            return;

        try
        {
            if (os.DescribeDiscarded(Kernel, address) is { } fate && NameAddress(address) is { } name)
                KnownPrograms.AddNoteOnce($"{name} {fate}");
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
