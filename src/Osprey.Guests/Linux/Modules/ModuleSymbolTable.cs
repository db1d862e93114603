using Osprey.Binary;
using Osprey.Guests.Modules;
using Osprey.Symbols;

namespace Osprey.Guests.Linux.Modules;

/// <summary>Names out of the symbols of a Linux kernel's modules.</summary>
/// <remarks>
/// Like the kernel's own table: a symbol reaches to the next one, or to the end of the memory that it is in, and of
/// several at one address the first counts. Thread-safe.
/// </remarks>
internal sealed class ModuleSymbolTable : ISymbolTable
{
    private readonly IReadOnlyList<ModuleSymbol> _symbols;
    private readonly IReadOnlyList<GuestModulePart> _parts;
    private readonly ModuleSymbol[] _placed;
    private readonly ulong[] _addresses;

    /// <param name="symbols">The symbols, in the kernel's order.</param>
    /// <param name="parts">The memory of the modules.</param>
    public ModuleSymbolTable(IReadOnlyList<ModuleSymbol> symbols, IReadOnlyList<GuestModulePart> parts)
    {
        (_symbols, _parts) = (symbols, parts);
        _placed = [.. symbols.Where(symbol => FindPart(symbol.Address) is not null).OrderBy(symbol => symbol.Address)];
        _addresses = [.. _placed.Select(symbol => symbol.Address)];
    }

    /// <summary>The symbols, in the kernel's order.</summary>
    public IReadOnlyList<ModuleSymbol> Symbols => _symbols;

    /// <inheritdoc/>
    public int Count => _symbols.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Names => _symbols.Select(symbol => symbol.Name);

    /// <inheritdoc/>
    public IEnumerable<TableSymbol> ListSymbols() => _symbols.Select(Convert);

    /// <inheritdoc/>
    public IReadOnlyList<TableSymbol> FindSymbols(string name) =>
        [.. _symbols.Where(symbol => symbol.Name == name).Select(Convert)];

    /// <inheritdoc/>
    public TableSymbol? FindTableSymbol(ulong address)
    {
        int index = FindPart(address) is null ? -1 : BinarySearch.FindLastNotAbove(_addresses, address);
        if (index < 0)
            return null;

        while (index > 0 && _addresses[index - 1] == _addresses[index])
            index--;

        TableSymbol symbol = Convert(_placed[index]);
        return address - symbol.Address < symbol.Size ? symbol : null;
    }

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        if (FindTableSymbol(address) is not { } symbol)
            return false;

        frames.Add(new SymbolFrame(address, $"{symbol.Name} [{symbol.Module}]"));
        return true;
    }

    private TableSymbol Convert(ModuleSymbol symbol)
    {
        ulong size = 0;
        if (FindPart(symbol.Address) is { } part)
        {
            int next = BinarySearch.FindLastNotAbove(_addresses, symbol.Address) + 1;
            size = part.Start + part.Size - symbol.Address;
            if (next < _addresses.Length)
                size = Math.Min(size, _addresses[next] - symbol.Address);
        }

        return new TableSymbol(symbol.Name, symbol.Address, size) { Module = symbol.Module };
    }

    private GuestModulePart? FindPart(ulong address)
    {
        foreach (GuestModulePart part in _parts)
        {
            if (part.Contains(address))
                return part;
        }

        return null;
    }
}
