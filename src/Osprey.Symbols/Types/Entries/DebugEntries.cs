using System.Text;
using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Entries;

/// <summary>
/// Gives access to all entries of a file's debug info: follows references between units and builds qualified names.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DebugEntries(DebugInfo info, Action<string> report)
{
    /// <summary>Longest chain of typedefs, qualifiers and arrays. Real chains have under 20 links.</summary>
    public const int MaxTypeChain = 200;

    private const int MaxNameDepth = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<CompilationUnit, UnitEntries> _units = [];

    /// <summary>The debug info.</summary>
    public DebugInfo Info => info;

    /// <summary>Receives messages about malformed or missing parts.</summary>
    public Action<string> Report => report;

    /// <summary>
    /// Writes the arguments of a template's instance, in their brackets; null when the entry is not an instance.
    /// </summary>
    public Func<Entry, string?>? SpellArguments { get; set; }

    /// <summary>Returns the entries of a unit.</summary>
    public UnitEntries Get(CompilationUnit unit)
    {
        lock (_lock)
        {
            if (!_units.TryGetValue(unit, out UnitEntries? entries))
            {
                entries = new UnitEntries(unit);
                _units.Add(unit, entries);
            }

            return entries;
        }
    }

    /// <summary>
    /// Returns the entry at an offset of <c>.debug_info</c> or <c>.debug_types</c>; null when no unit is there.
    /// </summary>
    public Entry? Find(ulong offset, bool inTypes)
    {
        DebugInfo? section = inTypes ? info.Types : info;
        if (!inTypes && offset >= (ulong)info.Sections.Info.Length && info.Splits is { } splits)
        {
            for (int i = splits.Areas.Count - 1; i >= 0; i--)
            {
                if (splits.Areas[i].NameBase <= offset)
                {
                    section = splits.Areas[i];
                    offset -= section.NameBase;
                    break;
                }
            }
        }

        return section?.FindUnit(offset) is { } unit ? new Entry(Get(unit), offset) : null;
    }

    /// <summary>
    /// Returns the entry that a value refers to; null when there is no value, or the entry is missing, which is
    /// reported.
    /// </summary>
    /// <exception cref="BadDataException">The value is not a reference.</exception>
    public Entry? Follow(UnitEntries from, in AttributeValue value)
    {
        if (value.Form == DwarfForm.None)
            return null;

        if (from.Unit.TryGetReference(value, out CompilationUnit unit, out ulong offset))
            return new Entry(Get(unit), offset);

        report(
            value.Form == DwarfForm.ReferenceSignature
                ? $"unit at 0x{from.Unit.Offset:x}: type unit 0x{value.Bits:x} is not there; some types are unknown"
                : $"unit at 0x{from.Unit.Offset:x}: a reference to a file that is not there; some types are unknown"
        );
        return null;
    }

    /// <summary>
    /// Returns an entry's own name, or that of the entry that it completes or is an instance of; null when there is
    /// none.
    /// </summary>
    /// <exception cref="BadDataException">An entry is malformed.</exception>
    public string? GetName(in Entry entry)
    {
        Entry current = entry;
        for (int links = info.Limits.MaxReferenceDepth; links > 0; links--)
        {
            if (!current.Unit.TryRead(current.Offset, out EntryAttributes? attributes))
                return null;

            if (attributes.HasName)
                return GetName(current, attributes);

            if (Follow(current.Unit, attributes.Origin) is not { } next)
                return null;

            current = next;
        }

        return null;
    }

    /// <summary>Returns an entry's name with the namespaces and classes around it; null when it has none.</summary>
    /// <exception cref="BadDataException">An entry is malformed.</exception>
    public string? GetQualifiedName(in Entry entry) => GetQualifiedName(entry, MaxNameDepth);

    private string? GetQualifiedName(Entry entry, int budget)
    {
        if (entry.Unit.TryGetName(entry.Offset, out string? known))
            return known;

        string? name = null;
        if (budget > 0 && entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes))
        {
            // An entry that completes a declaration has the declaration's name, wherever it stands itself. The same
            // holds for an entry that only refers to a type unit: a copy of a class around a typedef can be outside of
            // the class's namespace.
            AttributeValue source = attributes.HasOrigin ? attributes.Origin : attributes.Signature;
            if (Follow(entry.Unit, source) is { } origin && origin != entry)
                name = GetQualifiedName(origin, budget - 1);

            if (name is null && attributes.HasName)
                name = GetScope(entry, budget) + GetName(entry, attributes);
        }

        if (name?.Length > info.Limits.MaxNameLength)
            throw new BadDataException(".debug_info", (long)entry.Offset, $"a name of {name.Length} characters");

        entry.Unit.AddName(entry.Offset, name);
        return name;
    }

    /// <summary>Returns the text before a name: the scopes around it, each with <c>::</c>.</summary>
    private string GetScope(in Entry entry, int budget)
    {
        var scopes = new List<ulong>();
        entry.Unit.FindScopes(entry.Offset, scopes);
        if (scopes.Count > MaxNameDepth)
            throw new BadDataException(".debug_info", (long)entry.Offset, $"{scopes.Count} scopes around a name");

        var text = new StringBuilder();
        for (int i = scopes.Count - 1; i >= 0; i--)
        {
            var scope = new Entry(entry.Unit, scopes[i]);
            if (
                !scope.Unit.TryRead(scope.Offset, out EntryAttributes? attributes)
                || attributes.Tag == DwarfTag.EnumerationType
            )
                continue;

            if (attributes.Tag == DwarfTag.Namespace)
            {
                text.Append(GetName(scope) ?? "(anonymous namespace)").Append("::");
                continue;
            }

            // A class or function has the right scope of its own, even where its entry is outside of it.
            string? name = GetQualifiedName(scope, budget - 1);
            if (attributes.Tag == DwarfTag.Subprogram)
                name = name is null || scope.Unit.IsC ? "" : name + "()";

            if (name is null)
                continue;

            text.Clear().Append(name);
            if (name.Length > 0)
                text.Append("::");
        }

        return text.ToString();
    }

    /// <summary>
    /// Returns an entry's own name. Where clang left the arguments of a template out of it
    /// (<c>-gsimple-template-names</c>), they are added.
    /// </summary>
    private string GetName(in Entry entry, EntryAttributes attributes)
    {
        string name = entry.Unit.Unit.GetString(attributes.Name);
        bool canBeTemplate =
            attributes.HasChildren
            && entry.Unit.CanHaveSimpleNames
            && attributes.Tag
                is DwarfTag.StructureType
                    or DwarfTag.ClassType
                    or DwarfTag.UnionType
                    or DwarfTag.Subprogram;
        return
            canBeTemplate
            && !name.Contains('<', StringComparison.Ordinal)
            && SpellArguments?.Invoke(entry) is { } arguments
            ? name + arguments
            : name;
    }
}
