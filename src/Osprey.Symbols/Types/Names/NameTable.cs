using System.Numerics;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// The names of an index while it is built: a hash table. Of names that are the same, it keeps the one with the lowest
/// offset.
/// </summary>
/// <param name="slots">The number of slots to begin with; a power of two.</param>
internal sealed class NameTable(int slots = NameTable.FewSlots)
{
    private const int FewSlots = 1 << 14;
    private const int ManySlots = 1 << 18;

    private NameEntry[] _slots = new NameEntry[slots];

    /// <summary>The number of names.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Creates a table that need not grow, as a rule, for the names of debug info: C++ has one for 350 bytes.
    /// </summary>
    /// <param name="length">Length of the debug info in bytes.</param>
    public static NameTable CreateFor(long length) =>
        new((int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)length / 256), FewSlots, ManySlots));

    /// <summary>Adds a name; an empty one is left out.</summary>
    public void Add(in NameEntry entry)
    {
        if (entry.IsEmpty)
            return;

        if (Count >= _slots.Length / 4 * 3)
            Grow();

        NameEntry[] slots = _slots;
        int mask = slots.Length - 1;
        int index = GetFirstSlot(entry) & mask;
        while (true)
        {
            ref NameEntry slot = ref slots[index];
            if (slot.IsEmpty)
            {
                slot = entry;
                Count++;
                return;
            }

            if (slot.IsSameAs(entry))
            {
                if (entry.CompareTo(slot) < 0)
                    slot = entry;

                return;
            }

            index = (index + 1) & mask;
        }
    }

    /// <summary>Adds the names of another table.</summary>
    public void AddAll(NameTable other)
    {
        foreach (ref readonly NameEntry entry in other._slots.AsSpan())
            Add(entry);
    }

    /// <summary>Makes an index of all names.</summary>
    public NameIndex ToIndex(ulong[]? unitStarts = null) => NameIndex.Create(_slots, Count, unitStarts);

    /// <summary>
    /// Returns the first slot for a name. The distinction counts too: every unit has some names of its own that are the
    /// same in all units.
    /// </summary>
    private static int GetFirstSlot(in NameEntry entry) =>
        unchecked((int)((entry.Key + (entry.Distinction * NameHash.Root)) >> 20));

    private void Grow()
    {
        NameEntry[] old = _slots;
        _slots = new NameEntry[checked(old.Length * 2)];
        Count = 0;
        foreach (ref readonly NameEntry entry in old.AsSpan())
            Add(entry);
    }
}
