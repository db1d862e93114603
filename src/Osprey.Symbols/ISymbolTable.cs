namespace Osprey.Symbols;

/// <summary>
/// A symbol table that comes from no ELF file, such as the one that a kernel keeps of itself in memory.
/// </summary>
public interface ISymbolTable : ISymbolSource
{
    /// <summary>The number of symbols.</summary>
    int Count { get; }

    /// <summary>The names of all symbols, in the table's order; some may come more than once.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Lists all symbols, in the table's order.</summary>
    IEnumerable<TableSymbol> ListSymbols();

    /// <summary>Finds the symbols of a name, in the table's order.</summary>
    IReadOnlyList<TableSymbol> FindSymbols(string name);

    /// <summary>Finds the symbol that covers a run-time address; null when none does.</summary>
    TableSymbol? FindTableSymbol(ulong address);
}
