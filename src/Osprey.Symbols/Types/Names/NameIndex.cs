using System.Runtime.InteropServices;
using Osprey.Binary;

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

    /// <summary>The entries of a key in the order of the file, those in <c>.debug_types</c> last.</summary>
    public NameEntry[] Find(ulong key, Predicate<NameKind> isWanted)
    {
        ReadOnlySpan<NameEntry> entries = MemoryMarshal.Cast<byte, NameEntry>(slots.Span);
        var found = new ArrayBuilder<NameEntry>();
        int mask = entries.Length - 1;
        int index = GetFirstSlot(key, mask);
        for (int i = 0; i < entries.Length && !entries[index].IsEmpty && found.Count < MaxMatches; i++)
        {
            if (entries[index].Key == key && isWanted(entries[index].Kind))
                found.Add(entries[index]);

            index = (index + 1) & mask;
        }

        NameEntry[] sorted = found.ToArray();
        StableSort.Sort(sorted);
        return sorted;
    }
}
