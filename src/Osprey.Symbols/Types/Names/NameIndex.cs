using System.Runtime.InteropServices;

namespace Osprey.Symbols.Types.Names;

/// <summary>Where the types, variables, functions and enumerators of a file are, by the hash of their qualified names.</summary>
/// <param name="slots">A hash table of a power of two of <see cref="NameEntry"/>; may be a mapped file.</param>
/// <param name="count">How many of its slots are taken.</param>
internal sealed class NameIndex(ReadOnlyMemory<byte> slots, int count)
{
    /// <summary>Most entries of one name that are looked at: real files have under 1,000, for what every unit has its own of.</summary>
    private const int MaxMatches = 100_000;

    /// <summary>How many names it has.</summary>
    public int Count => count;

    /// <summary>The table's bytes.</summary>
    public ReadOnlyMemory<byte> Slots => slots;

    public static int GetFirstSlot(ulong key, int mask) => unchecked((int)(key >> 8)) & mask;

    /// <summary>Adds the entries of a key in the order of the file, those in <c>.debug_types</c> last.</summary>
    public void Find(ulong key, Predicate<NameKind> isWanted, List<NameEntry> found)
    {
        ReadOnlySpan<NameEntry> entries = MemoryMarshal.Cast<byte, NameEntry>(slots.Span);
        if (entries.Length == 0)
            return;

        int start = found.Count;
        int mask = entries.Length - 1;
        int index = GetFirstSlot(key, mask);
        for (int i = 0; i < entries.Length && !entries[index].IsEmpty && found.Count - start < MaxMatches; i++)
        {
            if (entries[index].Key == key && isWanted(entries[index].Kind))
                found.Add(entries[index]);

            index = (index + 1) & mask;
        }

        if (found.Count - start > 1)
            found.Sort(start, found.Count - start, Comparer<NameEntry>.Create(Compare));
    }

    private static int Compare(NameEntry left, NameEntry right) =>
        left.IsInTypes != right.IsInTypes ? left.IsInTypes.CompareTo(right.IsInTypes) : left.Offset.CompareTo(right.Offset);
}
