using Osprey.Binary;
using Osprey.Symbols;

namespace Osprey.Guests.Linux.Symbols;

/// <summary>Names out of a text of the kernel's symbols.</summary>
/// <remarks>
/// Like the kernel's own table: a symbol reaches to the next one, the last covers its first byte, and of several at one
/// address the first counts. Thread-safe.
/// </remarks>
internal sealed class SymbolTextTable : ISymbolTable
{
    private readonly TableSymbol[] _symbols;
    private readonly ulong[] _addresses;

    /// <param name="symbols">The symbols, in any order, at their run-time addresses.</param>
    public SymbolTextTable(IEnumerable<TableSymbol> symbols)
    {
        _symbols = [.. symbols.OrderBy(symbol => symbol.Address)]; // stable
        _addresses = [.. _symbols.Select(symbol => symbol.Address)];
        ulong next = 0;
        for (int i = _symbols.Length - 1; i >= 0; i--)
        {
            if (i + 1 < _symbols.Length && _addresses[i + 1] != _addresses[i])
                next = _addresses[i + 1];

            bool isKnown = next != 0 && IsInImage(_addresses[i]) == IsInImage(next);
            _symbols[i] = _symbols[i] with { Size = isKnown ? next - _addresses[i] : 0 };
        }
    }

    /// <inheritdoc/>
    public int Count => _symbols.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Names => _symbols.Select(symbol => symbol.Name);

    /// <inheritdoc/>
    public IEnumerable<TableSymbol> ListSymbols() => _symbols;

    /// <inheritdoc/>
    public IReadOnlyList<TableSymbol> FindSymbols(string name) => [.. _symbols.Where(symbol => symbol.Name == name)];

    /// <inheritdoc/>
    public TableSymbol? FindTableSymbol(ulong address)
    {
        // Small numbers are offsets of per-CPU variables.
        int index = IsInImage(address) ? BinarySearch.FindLastNotAbove(_addresses, address) : -1;
        if (index < 0)
            return null;

        while (index > 0 && _addresses[index - 1] == _addresses[index])
            index--;

        TableSymbol symbol = _symbols[index];
        return address == symbol.Address || address - symbol.Address < symbol.Size ? symbol : null;
    }

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        if (FindTableSymbol(address) is not { } symbol)
            return false;

        frames.Add(new SymbolFrame(address, symbol.Module is null ? symbol.Name : $"{symbol.Name} [{symbol.Module}]"));
        return true;
    }

    private static bool IsInImage(ulong address) => address >= LinuxDetector.ImageRangeStart;
}
