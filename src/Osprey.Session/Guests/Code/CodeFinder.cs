using Osprey.Symbols;

namespace Osprey.Session.Guests.Code;

/// <summary>Finds the code of a guest that a function's name or a source line stands for.</summary>
public static class CodeFinder
{
    /// <summary>
    /// Finds a function: where each function of the name begins, and each copy that was inlined into others.
    /// </summary>
    /// <param name="session">The guest.</param>
    /// <param name="name">
    /// The name, with or without parameters; <c>FILE`NAME</c> or <c>NAME [MODULE]</c> means that of one program.
    /// </param>
    /// <returns>The places by address; none when the guest has no such function now.</returns>
    public static IReadOnlyList<CodePlace> FindFunction(GuestSession session, string name)
    {
        Symbolizer symbols = session.Symbols;
        var found = new SortedDictionary<ulong, CodePlace>();
        foreach (TableSymbol symbol in SymbolAddress.FindSymbols(name, symbols))
        {
            if (symbols.MayBeCode(symbol.Address))
                found.TryAdd(symbol.Address, Describe(session, symbol.Address));
        }

        bool isOfOneProgram = name.Contains('`', StringComparison.Ordinal) || name.EndsWith(']');
        foreach (ulong address in isOfOneProgram ? [] : symbols.FindInlined(name))
            found.TryAdd(address, Describe(session, address) with { IsInlined = true });

        return [.. found.Values];
    }

    /// <summary>Finds a source line; one without code stands for the next one that has some.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="file">The file: the end of its path.</param>
    /// <param name="line">The line, from 1.</param>
    /// <returns>The places by address; none when the guest has no such line now.</returns>
    public static IReadOnlyList<CodePlace> FindLine(GuestSession session, string file, int line)
    {
        (int taken, IReadOnlyList<ulong> addresses) = session.Symbols.FindLine(file, line);
        return [.. addresses.Order().Select(address => Describe(session, address) with { Line = taken })];
    }

    /// <summary>Gives the function, file and line of an address.</summary>
    public static CodePlace Describe(GuestSession session, ulong address)
    {
        var frames = new List<SymbolFrame>();
        return session.Symbols.TryResolve(address, frames) && frames is [{ } inner, ..]
            ? new CodePlace(address, inner.Name, inner.IsInlined, inner.File, inner.Line)
            : new CodePlace(address, session.NameAddress(address));
    }
}
