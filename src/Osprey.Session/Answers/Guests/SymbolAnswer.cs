using Osprey.Session.Guests;
using Osprey.Symbols;

namespace Osprey.Session.Answers.Guests;

/// <summary>The answer to: what is at an address?</summary>
/// <param name="Address">The run-time address.</param>
/// <param name="Symbol">The symbol with the distance from its start; null when there is none.</param>
/// <param name="Module">Path of the program that holds the address; null when none is known.</param>
/// <param name="Frames">The functions there by debug info, innermost inlined one first; maybe none.</param>
public sealed record SymbolAnswer(ulong Address, string? Symbol, string? Module, IReadOnlyList<SymbolFrame> Frames)
{
    /// <summary>The columns.</summary>
    public static Shape<SymbolAnswer> Shape { get; } =
        new Shape<SymbolAnswer>("symbols")
            .Address("address", answer => answer.Address)
            .Text("symbol", answer => answer.Symbol)
            .Text("module", answer => answer.Module)
            .Records("frames", answer => answer.Frames, () => SymbolFrameShape.Shape);

    /// <summary>True when anything is known of the address.</summary>
    public bool IsFound => Symbol is not null || Frames.Count > 0;

    /// <summary>Asks a guest.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="text">An address, a symbol or an expression.</param>
    /// <exception cref="FormatException">It is none of these, or means several things.</exception>
    public static SymbolAnswer Ask(GuestSession session, string text)
    {
        // The symbol of what is in no program, such as a variable that each CPU has a copy of, has an address, but is
        // not found by it.
        return !NumberText.TryParse(text, out _) && SymbolAddress.TryFind(text, session.Symbols, out ulong address)
            ? Ask(session, address, text)
            : Ask(session, session.Selected.ResolveAddress(text, isPhysical: false));
    }

    /// <summary>Asks a guest.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="address">The address.</param>
    public static SymbolAnswer Ask(GuestSession session, ulong address) => Ask(session, address, null);

    private static SymbolAnswer Ask(GuestSession session, ulong address, string? name)
    {
        var frames = new List<SymbolFrame>();
        session.Symbols.TryResolve(address, frames);
        session.NotePlace(address, name);
        GuestModule? module = session.Programs.Modules.FirstOrDefault(module =>
            address >= module.Start && address < module.End
        );
        return new SymbolAnswer(address, session.NameAddress(address) ?? name, module?.Path, frames);
    }
}
