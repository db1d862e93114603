using System.Collections.Concurrent;
using System.Text;
using Osprey.Binary;
using Osprey.Symbols;

namespace Osprey.Guests.Linux.Symbols;

/// <summary>Names out of the symbol table that a Linux kernel keeps of itself.</summary>
/// <remarks>
/// The table has no sizes: a symbol reaches to the next one. Of several at one address the first counts, as in the
/// kernel's own messages. The last of all covers only its first byte. Per-CPU variables, whose offsets the table has,
/// are found by name, but not by offset. Thread-safe.
/// </remarks>
/// <param name="table">The table, in the order of addresses.</param>
internal sealed class KallsymsSymbolSource(KallsymsTable table) : ISymbolTable
{
    private const int MaxKept = 4096;

    // A look-up goes through all names, some 0.5 ms, and a step of a debugger needs the same few each time.
    private readonly ConcurrentDictionary<string, IReadOnlyList<TableSymbol>> _found = new();

    /// <inheritdoc/>
    public int Count => table.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Names => Enumerable.Range(0, table.Count).Select(table.GetName);

    /// <inheritdoc/>
    public IEnumerable<TableSymbol> ListSymbols() => Enumerable.Range(0, table.Count).Select(GetSymbol);

    /// <inheritdoc/>
    public IReadOnlyList<TableSymbol> FindSymbols(string name)
    {
        if (_found.TryGetValue(name, out IReadOnlyList<TableSymbol>? known))
            return known;

        IReadOnlyList<TableSymbol> symbols = Search(name);
        if (_found.Count < MaxKept)
            _found[name] = symbols;

        return symbols;
    }

    /// <inheritdoc/>
    public TableSymbol? FindTableSymbol(ulong address)
    {
        // Small numbers are offsets of per-CPU variables in the table. Whoever has one, by a name, knows that; most
        // small numbers are none.
        if (!IsInImage(address))
            return null;

        int index = BinarySearch.FindLastNotAbove(table.Addresses, address);
        if (index < 0)
            return null;

        while (index > 0 && table.Addresses[index - 1] == table.Addresses[index])
            index--;

        TableSymbol symbol = GetSymbol(index);
        return address == symbol.Address || address - symbol.Address < symbol.Size ? symbol : null;
    }

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        if (FindTableSymbol(address) is not { } symbol)
            return false;

        frames.Add(new SymbolFrame(address, symbol.Name));
        return true;
    }

    private List<TableSymbol> Search(string name)
    {
        var found = new List<TableSymbol>();
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        for (int index = table.Find(wanted); index >= 0; index = table.Find(wanted, index + 1))
            found.Add(GetSymbol(index));

        return found;
    }

    private TableSymbol GetSymbol(int index)
    {
        ulong address = table.Addresses[index];
        int next = index + 1;
        while (next < table.Count && table.Addresses[next] == address)
            next++;

        bool isKnown = next < table.Count && IsInImage(address) == IsInImage(table.Addresses[next]);
        return new TableSymbol(table.GetName(index), address, isKnown ? table.Addresses[next] - address : 0);
    }

    private static bool IsInImage(ulong address) => address >= LinuxDetector.ImageRangeStart;
}
