using Osprey.Binary.Dwarf.Info;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types.Names;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Finds functions by names as users write them.</summary>
internal sealed class FunctionFinder(
    DebugEntries entries,
    EntryFinder finder,
    TypeFinder types,
    TypeReader reader,
    ScopeFinder scopes,
    ElfSymbols symbols
)
{
    /// <summary>Most entries of one name that are looked at.</summary>
    private const int MaxCandidates = 10_000;

    /// <summary>
    /// Finds the function of a name, written with or without parameters; null when none is compiled into the file.
    /// </summary>
    public DebugFunction? Find(string text)
    {
        if (text.Length > entries.Info.Limits.MaxNameLength || NamePath.Split(text.Trim()) is not { } parts)
            return null;

        string? parameters = TakeParameters(parts);
        foreach (Entry entry in FindDeclarations(parts, null))
        {
            if (parameters is not null && !HasParameters(entry, parameters))
                continue;

            if (FindAddress(entry) is { } address && reader.Read(GetDescription(entry)) is FunctionType type)
                return new DebugFunction(entries.GetQualifiedName(entry) ?? parts[^1], address, type);
        }

        return null;
    }

    /// <summary>
    /// Finds the entries that can hold a function's variables: the one with its code, its abstract one, its
    /// declaration.
    /// </summary>
    public IEnumerable<Entry> FindEntries(List<string> path, string? file)
    {
        List<string> parts = [.. path];
        string? parameters = TakeParameters(parts);
        foreach (Entry entry in FindDeclarations(parts, file))
        {
            if (parameters is not null && !HasParameters(entry, parameters))
                continue;

            yield return entry;
            if (FindAddress(entry) is { } address && scopes.FindFunction(address) is { } code && code != entry)
                yield return code;
        }
    }

    /// <summary>
    /// Finds the entries of a function's variables of a name, and the instances of those where the function was
    /// inlined.
    /// </summary>
    public IReadOnlyList<Entry> FindVariables(Entry function, string name)
    {
        var found = new List<Entry>();
        var abstracts = new HashSet<ulong>();
        if (!function.Unit.TryOpen(function.Offset, out DieCursor cursor))
            return found;

        while (cursor.MoveNext())
        {
            if (cursor.Tag != DwarfTag.Variable)
                continue;

            EntryAttributes.Read(ref cursor, out EntryAttributes attributes);
            var entry = new Entry(function.Unit, attributes.Offset);
            if (entries.GetName(entry) != name)
                continue;

            found.Add(entry);
            if (attributes.Location.Form == DwarfForm.None)
                abstracts.Add(attributes.Offset);
        }

        if (abstracts.Count == 0)
            return found;

        DieCursor all = function.Unit.Unit.OpenCursor();
        while (all.MoveNext() && found.Count < MaxCandidates)
        {
            if (all.Tag != DwarfTag.Variable)
                continue;

            EntryAttributes.Read(ref all, out EntryAttributes attributes);
            if (
                attributes.HasOrigin
                && attributes.Location.Form != DwarfForm.None
                && entries.Follow(function.Unit, attributes.Origin) is { } origin
                && origin.Unit == function.Unit
                && abstracts.Contains(origin.Offset)
            )
            {
                found.Add(new Entry(function.Unit, attributes.Offset));
            }
        }

        return found;
    }

    private static string? TakeParameters(List<string> parts)
    {
        string last = parts[^1];
        int start = NamePath.FindParameters(last);
        if (start <= 0)
            return null;

        parts[^1] = last[..start].TrimEnd();
        string rest = last[start..].TrimEnd();
        while (
            rest.EndsWith(" const", StringComparison.Ordinal) || rest.EndsWith(" volatile", StringComparison.Ordinal)
        )
            rest = rest[..rest.LastIndexOf(' ')].TrimEnd();

        return rest;
    }

    private bool HasParameters(Entry entry, string parameters)
    {
        Entry description = GetDescription(entry);
        if (reader.Read(description) is not FunctionType type || !description.Unit.TryRead(description.Offset, out _))
            return false;

        int first = IsMethod(description) ? 1 : 0;
        var texts = new List<string>();
        for (int i = first; i < type.Parameters.Count; i++)
            texts.Add(TypeNames.Spell(type.Parameters[i]));

        if (type.IsVariadic)
            texts.Add("...");

        string wanted = parameters.Replace("(void)", "()", StringComparison.Ordinal);
        return NameHash.Of($"({string.Join(',', texts)})") == NameHash.Of(wanted);
    }

    /// <summary>True when a function's first parameter is the object that it is called on.</summary>
    private static bool IsMethod(Entry entry)
    {
        if (!entry.Unit.TryOpen(entry.Offset, out DieCursor cursor))
            return false;

        while (cursor.MoveNext())
        {
            if (cursor.Depth != 1 || cursor.Tag != DwarfTag.FormalParameter)
                continue;

            EntryAttributes.Read(ref cursor, out EntryAttributes attributes);
            return attributes.IsArtificial;
        }

        return false;
    }

    /// <summary>
    /// Returns the entry that has the function's name and parameters: the entry itself, or the one that it completes or
    /// is an instance of.
    /// </summary>
    private Entry GetDescription(Entry entry)
    {
        Entry current = entry;
        for (int links = entries.Info.Limits.MaxReferenceDepth; links > 0; links--)
        {
            if (
                !current.Unit.TryRead(current.Offset, out EntryAttributes? attributes)
                || attributes.HasName
                || entries.Follow(current.Unit, attributes.Origin) is not { } origin
            )
            {
                break;
            }

            current = origin;
        }

        return current;
    }

    private List<Entry> FindDeclarations(List<string> parts, string? file)
    {
        var found = new List<Entry>();
        foreach (
            (_, Entry entry) in finder.Find(parts, kind => kind is NameKind.Function or NameKind.FunctionDeclaration)
        )
        {
            if (
                found.Count < MaxCandidates
                && (file is null || entry.Unit.Unit.Name?.EndsWith(file, StringComparison.Ordinal) == true)
            )
                found.Add(entry);
        }

        if (found.Count > 0 || parts.Count < 2)
            return found;

        // Member functions are not in the index.
        foreach (Entry holder in types.FindClasses(parts.GetRange(0, parts.Count - 1)))
            AddMethods(holder, parts[^1], found);

        return found;
    }

    private static void AddMethods(Entry holder, string name, List<Entry> found)
    {
        ulong wanted = NameHash.Of(name);
        if (!holder.Unit.TryOpen(holder.Offset, out DieCursor cursor))
            return;

        while (cursor.MoveNext())
        {
            if (cursor.Depth != 1 || cursor.Tag != DwarfTag.Subprogram)
                continue;

            EntryAttributes.Read(ref cursor, out EntryAttributes attributes);
            if (attributes.HasName && NameHash.Of(holder.Unit.Unit.GetStringBytes(attributes.Name)) == wanted)
                found.Add(new Entry(holder.Unit, attributes.Offset));
        }
    }

    private ulong? FindAddress(Entry entry)
    {
        if (!entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes))
            return null;

        if (GetEntryPoint(entry.Unit, attributes) is { } address)
            return address;

        if (attributes.LinkageName.Form != DwarfForm.None)
        {
            string symbol = entry.Unit.Unit.GetString(attributes.LinkageName);
            foreach (string name in GetSymbolNames(symbol))
            {
                if (symbols.FindSymbol(name) is { } found)
                    return found.LinkAddress;
            }
        }

        if (FindCode(entry) is { } code)
            return code;

        return attributes.LinkageName.Form == DwarfForm.None && attributes.HasName && attributes.IsExternal
            ? symbols.FindSymbol(entry.Unit.Unit.GetString(attributes.Name))?.LinkAddress
            : null;
    }

    /// <summary>
    /// Returns the names that a declared function can have in the symbol table. Declared constructors and destructors
    /// (C4, D4) have no code under that name; the compiled ones are called C1 and C2, D1 and D2.
    /// </summary>
    private static string[] GetSymbolNames(string symbol)
    {
        int place = Math.Max(
            symbol.LastIndexOf("C4E", StringComparison.Ordinal),
            symbol.LastIndexOf("D4E", StringComparison.Ordinal)
        );
        return place < 0
            ? [symbol]
            :
            [
                symbol,
                $"{symbol[..(place + 1)]}1{symbol[(place + 2)..]}",
                $"{symbol[..(place + 1)]}2{symbol[(place + 2)..]}",
            ];
    }

    /// <summary>Finds the address of code that is an instance of an abstract function of the same unit.</summary>
    private ulong? FindCode(Entry entry)
    {
        EntryShapesPool pool = entry.Unit.Unit.Owner.Shapes;
        EntryShapes shapes = pool.Rent(entry.Unit.Unit);
        try
        {
            return FindCode(entry, shapes);
        }
        finally
        {
            pool.Return(shapes);
        }
    }

    private ulong? FindCode(Entry entry, EntryShapes shapes)
    {
        var scanner = new EntryScanner(entry.Unit.Unit, shapes);
        bool more = scanner.MoveNext() && scanner.MoveNext();
        while (more)
        {
            if (
                scanner.Tag == DwarfTag.Subprogram
                && scanner.Origin.Form != DwarfForm.None
                && (scanner.Marks & EntryMarks.Code) != 0
                && entry.Unit.TryRead(scanner.Offset, out EntryAttributes? attributes)
                && GetDescription(new Entry(entry.Unit, scanner.Offset)) == entry
                && GetEntryPoint(entry.Unit, attributes) is { } address
            )
            {
                return address;
            }

            more = scanner.Tag == DwarfTag.Namespace ? scanner.MoveNext() : scanner.MoveNextSibling();
        }

        return null;
    }

    private static ulong? GetEntryPoint(UnitEntries unit, EntryAttributes attributes)
    {
        if (attributes.LowPc.Form != DwarfForm.None)
        {
            ulong address = unit.Unit.GetAddress(attributes.LowPc);
            return address >= unit.Unit.Encoding.HighestAddress - 1 || !unit.Unit.Owner.Sections.Code.Contains(address)
                ? null
                : address;
        }

        if (attributes.Ranges.Form == DwarfForm.None)
            return null;

        // A function in several ranges starts at the first one.
        var ranges = new Osprey.Binary.Dwarf.Lists.AddressRangeList();
        Osprey.Binary.Dwarf.Lists.RangeListReader.Read(unit.Unit, attributes.Ranges, ranges);
        return ranges.Count > 0 ? ranges[0].Low : null;
    }
}
