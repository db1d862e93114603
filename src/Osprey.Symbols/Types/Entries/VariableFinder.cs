using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Names;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Finds variables by names as users write them.</summary>
internal sealed class VariableFinder(
    DebugEntries entries,
    EntryFinder finder,
    VariableEntryReader reader,
    TypeFinder types,
    FunctionFinder functions,
    ElfSymbols symbols
)
{
    /// <summary>Most classes that are searched for a static member.</summary>
    private const int MaxClasses = 1_000;

    /// <summary>Finds a variable by its name; null when there is none.</summary>
    public DebugVariable? Find(string text)
    {
        string name = text.Trim();
        if (name.Length > entries.Info.Limits.MaxNameLength || NamePath.Split(name) is not { } parts)
            return null;

        string? file = null;
        if (parts.Count > 1 && IsFile(parts[0]))
        {
            file = parts[0].Trim('\'');
            parts.RemoveAt(0);
        }
        else if (
            parts[0].Length > 2
            && parts[0][0] == '\''
            && parts[0][^1] == '\''
            && NamePath.Split(parts[0][1..^1]) is { } quoted
        )
        {
            parts.RemoveAt(0);
            parts.InsertRange(0, quoted);
        }

        if (FindBest(parts, file) is { } found)
            return found;

        if (parts.Count < 2)
            return null;

        List<string> scope = parts.GetRange(0, parts.Count - 1);
        return FindInClass(string.Join("::", scope), parts[^1]) ?? FindInFunction(scope, parts[^1], file);
    }

    /// <summary>
    /// Finds the location of a variable in its definition; null when nothing defines it with an address.
    /// </summary>
    public VariableLocation? FindDefinition(string qualifiedName)
    {
        if (NamePath.Split(qualifiedName) is not { } parts)
            return null;

        foreach ((_, Entry entry) in finder.Find(parts, kind => kind == NameKind.Variable))
        {
            VariableLocation place = reader.ReadLocation(entry, out _);
            if (place is VariableLocation.Static or VariableLocation.ThreadLocal)
                return place;
        }

        return null;
    }

    private static bool IsFile(string part) =>
        part.Contains('.', StringComparison.Ordinal)
        && !part.Contains('(', StringComparison.Ordinal)
        && !part.Contains('<', StringComparison.Ordinal);

    private DebugVariable? FindBest(List<string> parts, string? file)
    {
        // A header's variable is declared in hundreds of units: they are only looked at where no unit defines it.
        var best = new Candidate(default, null, int.MaxValue);
        foreach (NameKind kind in new[] { NameKind.Variable, NameKind.VariableDeclaration })
        {
            foreach ((_, Entry entry) in finder.Find(parts, found => found == kind))
            {
                if ((file is not null && !IsOf(entry.Unit, file)) || entries.GetName(entry) is null)
                    continue;

                Candidate candidate = Rate(entry);
                if (candidate.Rank < best.Rank)
                    best = candidate;

                if (best.Rank == 0)
                    break;
            }

            if (best.Rank < 4)
                break;
        }

        if (best.Rank == int.MaxValue || reader.Read(best.Entry, false) is not { } variable)
            return null;

        return best.Symbol is not { } place
            ? variable
            : new DebugVariable(variable.Name, () => variable.Type, place)
            {
                DeclarationFile = variable.DeclarationFile,
            };
    }

    /// <summary>
    /// Tells how much one of several entries of a name says, without the names and files that only the best one is
    /// asked for.
    /// </summary>
    private Candidate Rate(Entry entry)
    {
        VariableLocation location = reader.ReadLocation(entry, out Func<DebugType?> type);
        switch (location)
        {
            case VariableLocation.Static or VariableLocation.ThreadLocal:
                // Of several definitions, for example a weak one, the one with the array's size says more.
                int open = type()?.Stripped is ArrayType { Count: null } ? 1 : 0;
                return new Candidate(entry, null, (IsExternal(entry) ? 0 : 2) + open);
            case VariableLocation.None:
                VariableLocation? symbol = FindSymbol(entry);
                return new Candidate(entry, symbol, symbol is null ? 5 : 4);
            default:
                return new Candidate(entry, null, 4);
        }
    }

    private bool IsExternal(Entry entry)
    {
        for (
            int links = entries.Info.Limits.MaxReferenceDepth;
            links > 0 && entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes);
            links--
        )
        {
            if (attributes.IsExternal)
                return true;

            if (entries.Follow(entry.Unit, attributes.Origin) is not { } origin)
                break;

            entry = origin;
        }

        return false;
    }

    private static bool IsOf(UnitEntries unit, string file) =>
        unit.Unit.Name is { } name
        && name.EndsWith(file, StringComparison.Ordinal)
        && (name.Length == file.Length || name[^(file.Length + 1)] == '/');

    /// <summary>
    /// Finds a variable that units only declare, and that assembly or the linker defines, in the symbol table.
    /// </summary>
    private VariableLocation? FindSymbol(Entry entry)
    {
        if (
            !entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes)
            || !attributes.HasName
            || !attributes.IsExternal
        )
            return null;

        string name = entry.Unit.Unit.GetString(
            attributes.LinkageName.Form != DwarfForm.None ? attributes.LinkageName : attributes.Name
        );
        if (symbols.FindSymbol(name) is not { } symbol)
            return null;

        return symbol.Type == ElfSymbolType.ThreadLocal
            ? new VariableLocation.ThreadLocal(symbol.LinkAddress)
            : new VariableLocation.Static(symbol.LinkAddress);
    }

    /// <summary>Finds a static member of a class or its bases; the class can have any of its names.</summary>
    private DebugVariable? FindInClass(string scope, string name)
    {
        if (types.Find(scope)?.Stripped is not CompoundType first)
            return null;

        var queue = new Queue<CompoundType>([first]);
        for (int count = 0; count < MaxClasses && queue.TryDequeue(out CompoundType? type); count++)
        {
            foreach (DebugVariable item in type.Body.Statics)
            {
                if (
                    item.Name.EndsWith(name, StringComparison.Ordinal)
                    && (item.Name.Length == name.Length || item.Name[^(name.Length + 1)] == ':')
                )
                    return item;
            }

            foreach (BaseClass item in type.Bases)
            {
                if (item.Type.Stripped is CompoundType one)
                    queue.Enqueue(one);
            }
        }

        return null;
    }

    /// <summary>Finds a static variable of a function.</summary>
    private DebugVariable? FindInFunction(List<string> scope, string name, string? file)
    {
        DebugVariable? best = null;
        foreach (Entry function in functions.FindEntries(scope, file))
        {
            foreach (Entry entry in functions.FindVariables(function, name))
            {
                if (reader.Read(entry, true) is not { } variable)
                    continue;

                if (variable.Location is VariableLocation.Static or VariableLocation.ThreadLocal)
                    return variable;

                best ??= variable.Location is VariableLocation.Constant ? variable : null;
            }
        }

        return best;
    }

    /// <param name="Entry">An entry of the name.</param>
    /// <param name="Symbol">Where the symbol table has it, for an entry that has no place itself.</param>
    /// <param name="Rank">How little it says: 0 is best, from 4 on it has no address of its own.</param>
    private readonly record struct Candidate(Entry Entry, VariableLocation? Symbol, int Rank);
}
