using Osprey.Binary;

namespace Osprey.Symbols.Dumps;

/// <summary>
/// Names from a trace dump's symbols and modules, exactly as OSv's own tools give them: for output that must be equal
/// to theirs.
/// </summary>
/// <remarks>
/// OSv's tools search the tables of symbols, sections and modules, in this order. Each is sorted by address, and the
/// entry directly before the address is taken. So a table's lowest entry is never used, an address equal to an entry's
/// start belongs to the entry before it, and if that one does not reach the address, nothing else of the table is
/// tried. Undefined symbols are in the table, and sections have their link-time addresses there. Thread-safe.
/// </remarks>
public sealed class CompatibleDumpSymbolSource : ISymbolSource
{
    private readonly Table[] _tables;

    /// <summary>Creates the source.</summary>
    /// <param name="symbols">The dump's symbols, in the dump's order.</param>
    /// <param name="modules">The dump's modules, in the dump's order.</param>
    public CompatibleDumpSymbolSource(IEnumerable<DumpSymbol> symbols, IEnumerable<DumpModule> modules)
    {
        DumpModule[] known = [.. modules];
        _tables =
        [
            new Table(symbols.Select(symbol => new Entry(symbol.Name, symbol.Address, symbol.Size, symbol.File))),
            new Table(
                known.SelectMany(module =>
                    module.Sections.Select(section => new Entry(
                        section.Name,
                        section.LinkAddress,
                        section.Size,
                        module.Path
                    ))
                )
            ),
            new Table(known.Select(module => new Entry(module.Path, module.Base, module.Size, null))),
        ];
    }

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        foreach (Table table in _tables)
        {
            if (table.Find(address) is not { } entry)
                continue;

            frames.Add(
                new SymbolFrame(
                    address,
                    DumpPlaceNames.Format(entry.Name, address - entry.Address, address),
                    entry.File
                )
            );
            return true;
        }

        return false;
    }

    private sealed record Entry(string Name, ulong Address, ulong Size, string? File);

    private sealed class Table
    {
        private readonly Entry[] _entries;
        private readonly ulong[] _starts;

        public Table(IEnumerable<Entry> entries)
        {
            _entries = [.. entries.OrderBy(entry => entry.Address)];
            _starts = [.. _entries.Select(entry => entry.Address)];
        }

        public Entry? Find(ulong address)
        {
            if (address == 0)
                return null;

            int before = BinarySearch.FindLastNotAbove(_starts, address - 1);
            if (before < 1)
                return null;

            Entry entry = _entries[before];
            return address - entry.Address < entry.Size ? entry : null;
        }
    }
}
