using Osprey.Symbols.Types.Names;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Finds entries by qualified name, through the index.</summary>
internal sealed class EntryFinder(DebugEntries entries, Func<NameIndex> open)
{
    private readonly Lazy<NameIndex> _index = new(open);

    /// <summary>The index, built or read from disk when it is first asked for.</summary>
    public NameIndex Index => _index.Value;

    /// <summary>Finds the entries of a name that are of wanted kinds, in the order of the file.</summary>
    /// <param name="parts">The name's parts.</param>
    /// <param name="isWanted">Returns true for a kind that is wanted.</param>
    public List<FoundEntry> Find(IReadOnlyList<string> parts, Predicate<NameKind> isWanted)
    {
        NameEntry[] found = Index.Find(NamePath.GetKey(parts), isWanted);
        var result = new List<FoundEntry>(found.Length);
        ulong name = found.Length > 0 ? NameHash.Of(parts[^1]) : 0;
        foreach (NameEntry item in found)
        {
            if (
                entries.Find(item.Offset, item.IsInTypes) is { } entry
                && (item.Kind is NameKind.Enumerator or NameKind.Instance || HasName(entry, name))
            )
                result.Add(new FoundEntry(item.Kind, entry));
        }

        return result;
    }

    /// <summary>
    /// True when an entry has the name that the index gives it. The index can be of another file, or two names can have
    /// the same hash.
    /// </summary>
    private static bool HasName(in Entry entry, ulong name)
    {
        try
        {
            return entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes)
                && (!attributes.HasName || NameHash.Of(entry.Unit.Unit.GetStringBytes(attributes.Name)) == name);
        }
        catch (Osprey.Binary.BadDataException)
        {
            return false;
        }
    }
}
