using Osprey.Binary.Dwarf.Info;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types.Entries;

namespace Osprey.Symbols.Types;

/// <summary>What a catalog is made of: finders that need each other.</summary>
internal sealed class CatalogParts
{
    public CatalogParts(ElfSymbols symbols, DebugInfo info, Action<string> report)
    {
        var entries = new DebugEntries(info, report);
        Finder = new EntryFinder(entries, () => symbols.GetNames(info));
        var reader = new TypeReader(
            entries,
            entry => Types!.FindComplete(entry),
            name => Variables!.FindDefinition(name)
        );
        var variables = new VariableReader(entries, reader);
        Types = new TypeFinder(entries, Finder, reader);
        Scopes = new ScopeFinder(entries, variables, symbols);
        Functions = new FunctionFinder(entries, Finder, Types, reader, Scopes, symbols);
        Variables = new VariableFinder(entries, Finder, variables, Types, Functions, symbols);
    }

    public EntryFinder Finder { get; }

    public TypeFinder Types { get; }

    public VariableFinder Variables { get; }

    public FunctionFinder Functions { get; }

    public ScopeFinder Scopes { get; }
}
