using System.Diagnostics;
using Osprey.Symbols;
using Osprey.Target.Backends.Processes;

namespace Osprey.Guests.DotNet;

/// <summary>The names of the methods that a program's runtime has compiled.</summary>
/// <remarks>
/// They are read when an address is first looked up, and again, every few seconds at most, for one that has no name
/// yet: a program compiles while it runs. Code of files, such as the runtime's own, is never looked for. Methods that
/// await others have no code on a stack; their names are in the program's trace memory.
/// </remarks>
internal sealed class CodeNameTable(IProgramFacts process, TraceRegionReader region) : ISymbolTable
{
    private static readonly TimeSpan s_betweenReads = TimeSpan.FromSeconds(5);

    private TableSymbol[] _symbols = [];
    private ulong[] _addresses = [];
    private long? _read;

    /// <inheritdoc/>
    public int Count => List().Length;

    /// <inheritdoc/>
    public IEnumerable<string> Names => List().Select(symbol => symbol.Name);

    /// <inheritdoc/>
    public IEnumerable<TableSymbol> ListSymbols() => List();

    /// <inheritdoc/>
    public IReadOnlyList<TableSymbol> FindSymbols(string name) => [.. List().Where(symbol => symbol.Name == name)];

    /// <inheritdoc/>
    public TableSymbol? FindTableSymbol(ulong address)
    {
        if (Search(address) is { } symbol)
            return symbol;
        if (region.ReadLogicalCaller(address) is { } caller)
            return new TableSymbol(caller, address, 1);

        bool isOld = _read is not { } before || Stopwatch.GetElapsedTime(before) > s_betweenReads;
        if (!isOld || process.IsRunning == false)
            return null;

        Read();
        return Search(address);
    }

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        if (FindTableSymbol(address) is not { } symbol)
            return false;

        frames.Add(new SymbolFrame(address, symbol.Name));
        return true;
    }

    private TableSymbol[] List()
    {
        if (_read is null)
            Read();

        return _symbols;
    }

    private TableSymbol? Search(ulong address)
    {
        int index = Array.BinarySearch(_addresses, address);
        if (index < 0)
            index = ~index - 1;

        return index >= 0 && address - _symbols[index].Address < _symbols[index].Size ? _symbols[index] : null;
    }

    private void Read()
    {
        _read = Stopwatch.GetTimestamp();
        // Of two at one address, the newer line counts: memory of code is used again.
        _symbols =
        [
            .. process
                .ReadCodeNames()
                .GroupBy(symbol => symbol.Address)
                .Select(same => same.Last())
                .OrderBy(symbol => symbol.Address),
        ];
        _addresses = [.. _symbols.Select(symbol => symbol.Address)];
    }
}
