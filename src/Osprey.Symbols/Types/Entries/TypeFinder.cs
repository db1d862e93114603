using System.Buffers;
using Osprey.Binary.Dwarf.Info;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Names;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Finds types by names as users write them.</summary>
internal sealed class TypeFinder(DebugEntries entries, EntryFinder finder, TypeReader reader)
{
    /// <summary>Most typedefs of classes that are followed to find a name.</summary>
    private const int MaxAliases = 8;

    private static readonly SearchValues<char> s_otherSigns = SearchValues.Create("&*[]{}()/.;,");

    /// <summary>Most pointers before the name of a type of Rust or Go.</summary>
    private const int MaxPointers = 16;

    private ulong AddressSize =>
        entries.Info.FindUnit(0) is { } first ? first.Encoding.AddressSize
        : entries.Info.Units is [var known, ..] ? known.Encoding.AddressSize
        : 8u;

    /// <summary>Finds a type by its spelling; null when there is none.</summary>
    public DebugType? Find(string text) => Find(text, MaxPointers);

    private DebugType? Find(string text, int pointers)
    {
        if (text.Length > entries.Info.Limits.MaxNameLength)
            return null;

        // Types of Rust and Go have names with any signs in them: "&[u8]", "sync/atomic.Pointer[interface {}]".
        if (HasOtherSigns(text) && FindBest([text.Trim()], null) is { } whole)
            return whole;

        // These languages write the pointer first: "*const u8", "&mut T", "*runtime.g".
        if (pointers > 0 && TakePointer(text.AsSpan().Trim()) is { Length: > 0 } target)
            return Find(target, pointers - 1) is { } pointed ? SpelledType.Derive(pointed, "*", AddressSize) : null;

        return new SpelledType(FindNamed, text => Find(text, pointers - 1), AddressSize).Find(text, pointers > 0);
    }

    /// <summary>Finds the complete type for an entry that only declares it; null when no unit has it.</summary>
    public DebugType? FindComplete(Entry declaration)
    {
        if (entries.GetQualifiedName(declaration) is not { } name || NamePath.Split(name) is not { } parts)
            return null;

        foreach ((NameKind kind, Entry entry) in finder.Find(parts, kind => kind == NameKind.Type))
        {
            if (
                kind == NameKind.Type
                && entry != declaration
                && entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes)
                && !attributes.IsDeclaration
            )
                return reader.Read(entry);
        }

        return null;
    }

    /// <summary>Finds the entries of the classes of a name, complete ones first.</summary>
    public IReadOnlyList<Entry> FindClasses(List<string> parts)
    {
        var found = new List<Entry>();
        foreach (
            (NameKind kind, Entry entry) in finder.Find(
                parts,
                kind => kind is NameKind.Type or NameKind.TypeDeclaration
            )
        )
        {
            if (kind == NameKind.Type)
                found.Insert(0, entry);
            else
                found.Add(entry);
        }

        return found;
    }

    /// <summary>Finds a name of an enumeration; null when there is none.</summary>
    public (EnumType Type, Enumerator Enumerator)? FindEnumerator(string name)
    {
        if (NamePath.Split(name.Trim()) is not { } parts)
            return null;

        foreach ((_, Entry entry) in finder.Find(parts, kind => kind == NameKind.Enumerator))
        {
            if (reader.Read(entry) is EnumType type && FindEnumerator(type, parts[^1]) is { } found)
                return (type, found);
        }

        if (
            parts.Count > 1
            && Find(string.Join("::", parts.GetRange(0, parts.Count - 1)))?.Stripped is EnumType scope
            && FindEnumerator(scope, parts[^1]) is { } scoped
        )
        {
            return (scope, scoped);
        }

        return null;
    }

    private static Enumerator? FindEnumerator(EnumType type, string name)
    {
        foreach (Enumerator item in type.Enumerators)
        {
            if (item.Name == name)
                return item;
        }

        return null;
    }

    private DebugType? FindNamed(string name, string? keyword) => FindNamed(name, keyword, MaxAliases);

    private DebugType? FindNamed(string name, string? keyword, int aliases)
    {
        if (NamePath.Split(name) is not { } parts)
            return null;

        if (FindBest(parts, keyword) is { } found)
            return found;

        if (name.Contains('<', StringComparison.Ordinal) && FindTemplate(parts) is { } instance)
            return instance;

        if (name.Contains('<', StringComparison.Ordinal) && FindInstance(parts) is { } shortened)
            return shortened;

        // A type in a class can be named through another name of the class.
        if (parts.Count < 2 || aliases == 0)
            return null;

        string scope = string.Join("::", parts.GetRange(0, parts.Count - 1));
        return FindNamed(scope, null, aliases - 1) is { Stripped: CompoundType { Name: { } real } } && real != scope
            ? FindNamed($"{real}::{parts[^1]}", keyword, aliases - 1)
            : null;
    }

    /// <summary>True for a name that has to be looked for as it is, before it is taken apart.</summary>
    private static bool HasOtherSigns(string text) => text.AsSpan().ContainsAny(s_otherSigns);

    /// <summary>Returns the text behind a pointer's sign; null when the text does not start with one.</summary>
    private static string? TakePointer(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] is not ('*' or '&'))
            return null;

        text = text[1..];
        foreach (string word in (ReadOnlySpan<string>)["const ", "mut "])
        {
            if (text.StartsWith(word, StringComparison.Ordinal))
                text = text[word.Length..];
        }

        return text.Trim().ToString();
    }

    /// <summary>
    /// Finds an instance of a template by a name without the arguments that have a default; null when several types
    /// can be meant.
    /// </summary>
    private DebugType? FindInstance(List<string> parts)
    {
        string wanted = parts[^1];
        if (!TemplateArguments.TrySplit(wanted, out string template, out _))
            return null;

        List<string> scope = parts.GetRange(0, parts.Count - 1);
        var values = new EnumeratorValues(this, scope);
        var found = new Dictionary<ulong, (Entry Entry, bool IsStandard)>();
        foreach ((_, Entry entry) in finder.Find([.. scope, template], kind => kind == NameKind.Instance))
        {
            if (entries.GetName(entry) is { } name && TemplateArguments.Fits(wanted, name, values.Get))
                found.TryAdd(NameHash.Of(name), (entry, TemplateArguments.HasStandardDefaults(wanted, name)));
        }

        // clang can leave the arguments out of the names (-gsimple-template-names); they are then put together here.
        List<string> plain = parts.ConvertAll(RemoveArguments);
        foreach ((_, Entry entry) in finder.Find(plain, kind => kind == NameKind.Type))
        {
            if (
                entry.Unit.CanHaveSimpleNames
                && entries.GetQualifiedName(entry) is { } qualified
                && NamePath.Split(qualified) is { } real
                && Fits(parts, real, values)
            )
                found.TryAdd(NameHash.Of(real[^1]), (entry, TemplateArguments.HasStandardDefaults(wanted, real[^1])));
        }

        List<(Entry Entry, bool IsStandard)> candidates = [.. found.Values];
        if (candidates.Count > 1)
            candidates.RemoveAll(candidate => !candidate.IsStandard);

        return candidates.Count == 1 ? reader.Read(candidates[0].Entry) : null;
    }

    /// <summary>
    /// True when a name as written can mean a full name, which may have inline namespaces between its parts.
    /// </summary>
    private static bool Fits(List<string> written, List<string> full, EnumeratorValues values)
    {
        if (!TemplateArguments.Fits(written[^1], full[^1], values.Get))
            return false;

        int at = full.Count - 2;
        for (int i = written.Count - 2; i >= 0; i--, at--)
        {
            while (at >= 0 && !TemplateArguments.Fits(written[i], full[at], values.Get))
                at--;
        }

        return at >= -1;
    }

    private static string RemoveArguments(string part) =>
        part.IndexOf('<', StringComparison.Ordinal) is > 0 and int start ? part[..start] : part;

    private DebugType? FindBest(List<string> parts, string? keyword)
    {
        List<FoundEntry> found = finder.Find(
            parts,
            kind => kind is NameKind.Type or NameKind.Alias or NameKind.TypeDeclaration or NameKind.ImportedType
        );
        FoundEntry? best = null;
        int bestRank = int.MaxValue;
        foreach (FoundEntry item in found)
        {
            Entry entry = item.Entry;
            if (
                !entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes)
                || (keyword is not null && !Fits(attributes.Tag, keyword))
            )
                continue;

            // In C, "foo" is a typedef where there is one, and "struct foo" is another type; C++ makes no such
            // difference.
            int rank = item.Kind switch
            {
                NameKind.Type => 1,
                NameKind.Alias => entry.Unit.IsC ? 0 : 2,
                NameKind.ImportedType => 3,
                _ => 4,
            };
            if (rank < bestRank)
                (best, bestRank) = (item, rank);
        }

        return best is null ? null : reader.Read(best.Entry);
    }

    /// <summary>
    /// Finds an instance of a template whose entry is named without its arguments (clang's
    /// <c>-gsimple-template-names</c>).
    /// </summary>
    private DebugType? FindTemplate(List<string> parts)
    {
        ulong wanted = NamePath.GetKey(parts);
        List<string> plain = parts.ConvertAll(RemoveArguments);
        DebugType? declared = null;
        foreach (
            (NameKind kind, Entry entry) in finder.Find(
                plain,
                kind => kind is NameKind.Type or NameKind.Alias or NameKind.TypeDeclaration
            )
        )
        {
            if (
                !entry.Unit.CanHaveSimpleNames
                || entries.GetQualifiedName(entry) is not { } name
                || NamePath.Split(name) is not { } real
                || NamePath.GetKey(real) != wanted
            )
            {
                continue;
            }

            if (kind != NameKind.TypeDeclaration)
                return reader.Read(entry);

            declared ??= reader.Read(entry);
        }

        return declared;
    }

    private static bool Fits(DwarfTag tag, string keyword) =>
        keyword switch
        {
            "struct" or "class" => tag is DwarfTag.StructureType or DwarfTag.ClassType or DwarfTag.InterfaceType,
            "union" => tag == DwarfTag.UnionType,
            _ => tag == DwarfTag.EnumerationType,
        };
}
