using Osprey.Symbols;
using Osprey.Symbols.Dumps;
using Osprey.Traces.Formats.Osvt;

namespace Osprey.Session.Traces.Names;

/// <summary>Makes a source of names of the symbols and modules that a dump brings along.</summary>
internal static class DumpNames
{
    /// <summary>Names as they are shown: with the offset behind the symbol and the address.</summary>
    /// <param name="tables">What the dump knows of the guest's code.</param>
    /// <param name="isCompat">Whether to give the very answers of OSv's tools.</param>
    public static ISymbolSource Create(OsvtSymbolTables tables, bool isCompat) =>
        isCompat
            ? new CompatibleDumpSymbolSource(Symbols(tables), Modules(tables))
            : new DumpSymbolSource(Symbols(tables), Modules(tables));

    /// <summary>Names of functions alone, as a symbols file has them.</summary>
    public static DumpSymbolSource CreateBare(OsvtSymbolTables tables) =>
        new(Symbols(tables), Modules(tables), isBare: true);

    private static IEnumerable<DumpSymbol> Symbols(OsvtSymbolTables tables) =>
        tables.Symbols.Select(symbol => new DumpSymbol(
            symbol.Name,
            symbol.Address,
            symbol.Size,
            symbol.File,
            [.. symbol.Lines.Select(line => new DumpLocation(line.Offset, line.Line))]
        ));

    private static IEnumerable<DumpModule> Modules(OsvtSymbolTables tables) =>
        tables.Modules.Select(module => new DumpModule(
            module.Path,
            module.Base,
            module.Size ?? 0,
            [.. module.Sections.Select(section => new DumpSection(section.Name, section.Address, section.Size))]
        ));
}
