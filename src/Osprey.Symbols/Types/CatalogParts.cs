using Osprey.Binary.Dwarf.Info;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types.Entries;

namespace Osprey.Symbols.Types;

/// <summary>The finders of a catalog, which need each other.</summary>
internal sealed class CatalogParts
{
    /// <summary>Creates the finders for a file's debug info.</summary>
    public CatalogParts(ElfSymbols symbols, DebugInfo info, Action<string> report)
    {
        var entries = new DebugEntries(info, report);
        Finder = new EntryFinder(entries, () => symbols.GetNames(info));
        var reader = new TypeReader(
            entries,
            entry => Types!.FindComplete(entry),
            name => Variables!.FindDefinition(name)
        );
        var variables = new VariableEntryReader(entries, reader);
        Types = new TypeFinder(entries, Finder, reader);
        Scopes = new ScopeFinder(entries, variables, symbols);
        Functions = new FunctionFinder(entries, Finder, Types, reader, Scopes, symbols);
        Variables = new VariableFinder(entries, Finder, variables, Types, Functions, symbols);
    }

    /// <summary>Finds entries by name.</summary>
    public EntryFinder Finder { get; }

    /// <summary>Finds types by name.</summary>
    public TypeFinder Types { get; }

    /// <summary>Finds variables by name.</summary>
    public VariableFinder Variables { get; }

    /// <summary>Finds functions by name.</summary>
    public FunctionFinder Functions { get; }

    /// <summary>Finds functions by address.</summary>
    public ScopeFinder Scopes { get; }
}
