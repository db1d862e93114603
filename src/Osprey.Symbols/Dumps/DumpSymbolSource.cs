using Osprey.Binary;

namespace Osprey.Symbols.Dumps;

/// <summary>Names from the symbols and modules in a trace dump: the guest's own dynamic symbols.</summary>
/// <remarks>
/// A name is <c>SYMBOL+0xOFFSET (0xADDRESS)</c>, as OSv's tools write it; where no symbol is known, it has the module's
/// path instead. A bare name is <c>SYMBOL</c>, with the module as its file if the symbol has none; where no symbol is
/// known, it is <c>PATH+0xOFFSET</c>. The kernel's path is empty: there is no name where it has no symbol. Symbols
/// that are not defined, or have no name, are left out. Of several symbols that cover an address, the one with the
/// highest start counts, then the smallest. Thread-safe.
/// </remarks>
public sealed class DumpSymbolSource : ISymbolSource
{
    private readonly DumpSymbol[] _symbols;
    private readonly ulong[] _symbolStarts;
    private readonly ulong[] _symbolHighestEnds;
    private readonly DumpModule[] _modules;
    private readonly bool _isBare;
    private readonly ulong[] _moduleStarts;

    /// <summary>Creates the source.</summary>
    /// <param name="symbols">The dump's symbols, in any order.</param>
    /// <param name="modules">The dump's modules, in any order.</param>
    /// <param name="isBare">True for bare names: functions alone, as in a symbols file.</param>
    public DumpSymbolSource(IEnumerable<DumpSymbol> symbols, IEnumerable<DumpModule> modules, bool isBare = false)
    {
        _isBare = isBare;
        _symbols =
        [
            .. symbols
                .Where(symbol => symbol.Address != 0 && symbol.Name.Length > 0)
                .OrderBy(symbol => symbol.Address)
                .ThenByDescending(symbol => symbol.Size),
        ];
        _symbolStarts = [.. _symbols.Select(symbol => symbol.Address)];
        _symbolHighestEnds = new ulong[_symbols.Length];
        ulong highest = 0;
        for (int i = 0; i < _symbols.Length; i++)
        {
            highest = Math.Max(highest, GetEnd(i));
            _symbolHighestEnds[i] = highest;
        }

        _modules = [.. modules.OrderBy(module => module.Base)];
        _moduleStarts = [.. _modules.Select(module => module.Base)];
    }

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        for (
            int i = BinarySearch.FindLastNotAbove(_symbolStarts, address);
            i >= 0 && address < _symbolHighestEnds[i];
            i--
        )
        {
            if (address >= GetEnd(i))
                continue;

            DumpSymbol symbol = _symbols[i];
            ulong offset = address - symbol.Address;
            string name = _isBare ? symbol.Name : DumpPlaceNames.Format(symbol.Name, offset, address);
            string? file =
                symbol.File.Length > 0 ? symbol.File
                : _isBare ? FindModule(address)?.Path
                : null;
            frames.Add(new SymbolFrame(address, name, file, FindLine(symbol, offset)));
            return true;
        }

        if (FindModule(address) is not { } module)
            return false;

        // The kernel's own module has no path: an offset behind nothing would be no name.
        if (module.Path.Length == 0)
            return false;

        frames.Add(
            _isBare
                ? new SymbolFrame(address, $"{module.Path}+0x{address - module.Base:x}", module.Path)
                : new SymbolFrame(address, DumpPlaceNames.Format(module.Path, address - module.Base, address))
        );
        return true;
    }

    private DumpModule? FindModule(ulong address)
    {
        for (int i = BinarySearch.FindLastNotAbove(_moduleStarts, address); i >= 0; i--)
        {
            if (address - _modules[i].Base < _modules[i].Size)
                return _modules[i];
        }

        return null;
    }

    private static int? FindLine(DumpSymbol symbol, ulong offset)
    {
        DumpLocation? best = null;
        foreach (DumpLocation location in symbol.Locations)
        {
            if (location.Offset <= offset && (best is not { } known || location.Offset >= known.Offset))
                best = location;
        }

        return best is { Line: > 0 } found ? found.Line : null;
    }

    /// <summary>
    /// Returns the end of a symbol. One without a size reaches to the next symbol; the last of those covers one byte.
    /// </summary>
    private ulong GetEnd(int index)
    {
        DumpSymbol symbol = _symbols[index];
        if (symbol.Size != 0)
            return symbol.Size <= ulong.MaxValue - symbol.Address ? symbol.Address + symbol.Size : ulong.MaxValue;

        int next = index + 1;
        while (next < _symbols.Length && _symbols[next].Address == symbol.Address)
            next++;

        return next < _symbols.Length ? _symbols[next].Address : symbol.Address + 1;
    }
}
