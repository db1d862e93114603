using Osprey.Symbols.Types.Names;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Finds entries by qualified name, through the index.</summary>
internal sealed class EntryFinder(DebugEntries entries, Func<NameIndex> open)
{
    private readonly Lazy<NameIndex> _index = new(open);

    /// <summary>The index; built or read from disk when first asked for.</summary>
    public NameIndex Index => _index.Value;

    /// <summary>The entries of a name that are of wanted kinds, in the order of the file.</summary>
    /// <param name="parts">The name's parts.</param>
    /// <param name="isWanted">Which kinds.</param>
    public List<FoundEntry> Find(IReadOnlyList<string> parts, Predicate<NameKind> isWanted)
    {
        NameEntry[] found = Index.Find(NamePath.GetKey(parts), isWanted);
        var result = new List<FoundEntry>(found.Length);
        ulong name = found.Length > 0 ? NameHash.Of(parts[^1]) : 0;
        foreach (NameEntry item in found)
        {
            if (
                entries.Find(item.Offset, item.IsInTypes) is { } entry
                && (item.Kind == NameKind.Enumerator || HasName(entry, name))
            )
                result.Add(new FoundEntry(item.Kind, entry));
        }

        return result;
    }

    /// <summary>
    /// Whether an entry that an index names is what it says: an index can be of another file for all we know.
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
