using Osprey.Symbols.Index;
using Osprey.Symbols.Index.Lookups;
using Osprey.Symbols.Sources;

namespace Osprey.Symbols;

// A function whose last act is a call may jump instead: then its frame is gone, and a stack shows its caller above its
// callee, as if one had called the other. Compilers note each call with its target, and which calls are such jumps. So
// where the caller says that it called A, and B runs, B was reached from A by jumps. All ways of jumps from A to B are
// tried. With one way, its functions are the missing frames. With several, those are certain that all ways have in
// common at their beginning and their end. A jump through a pointer could lead anywhere: then nothing is certain.

/// <summary>Finds the functions that are missing on a stack because they ended in a jump to another one.</summary>
/// <param name="findSource">Gives the symbols of the module at a run-time address; null when none is there.</param>
/// <param name="sources">The symbols of all modules.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class TailCalls(Func<ulong, ElfSymbolSource?> findSource, IReadOnlyList<ElfSymbolSource> sources)
{
    // The jumps that one search follows; more make the answer uncertain, and it is given up.
    private const int MaxJumps = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ulong?> _named = [];

    /// <inheritdoc cref="Symbolizer.FindTailCalls"/>
    public IReadOnlyList<TailCall> Find(ulong returnAddress, ulong callee)
    {
        lock (_lock)
        {
            return
                findSource(callee) is { } source
                && findSource(returnAddress - 1) is { } caller
                && caller.FindCalled(returnAddress).Target is { } called
                && source.FindFunction(callee) is { } function
                && ToPlace(called, caller) is var target
                && function.LinkAddress is { } linkAddress
                && (target.Symbol is null || target.Symbol != function.Symbol)
                ? Search(target, source.Module.Bias.ToAddress(linkAddress))
                : [];
        }
    }

    private IReadOnlyList<TailCall> Search(Place target, ulong callee)
    {
        var search = new TailCallSearch(callee);
        return Resolve(target) is { } first && Follow(first, search) ? search.Result : [];
    }

    /// <summary>Follows the jumps of a function and of those that it jumps to.</summary>
    /// <returns>False when nothing is certain.</returns>
    private bool Follow(ulong function, TailCallSearch search)
    {
        if (function == search.Callee)
            return search.Accept();

        // Code without debug info may jump anywhere.
        if (findSource(function) is not { } source || source.FindJumps(function) is not { } jumps)
            return false;

        foreach (Jump jump in jumps)
        {
            if (!search.Enter(new TailCall(source.Module.Bias.ToAddress(jump.Address), jump.IsReturnAddress)))
                continue;

            if (
                search.Count > MaxJumps
                || jump.Target is not { } target
                || Resolve(ToPlace(target, source)) is not { } next
                || !Follow(next, search)
            )
                return false;

            search.Leave();
        }

        return true;
    }

    private static Place ToPlace(in CallTarget target, ElfSymbolSource source) =>
        new(target.LinkAddress is { } linkAddress ? source.Module.Bias.ToAddress(linkAddress) : null, target.Symbol);

    private ulong? Resolve(Place target) => target.Address ?? (target.Symbol is { } symbol ? FindNamed(symbol) : null);

    private ulong? FindNamed(string symbol)
    {
        if (_named.TryGetValue(symbol, out ulong? known))
            return known;

        ulong? found = sources
            .Select(source => source.FindOnlySymbol(symbol))
            .FirstOrDefault(place => place is not null);
        _named.Add(symbol, found);
        return found;
    }

    private readonly record struct Place(ulong? Address, string? Symbol);
}
