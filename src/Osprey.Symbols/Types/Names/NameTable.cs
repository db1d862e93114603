namespace Osprey.Symbols.Types.Names;

/// <summary>
/// Names while an index is built: a hash table that keeps the first, by offset, of those that are the same.
/// </summary>
internal sealed class NameTable
{
    private NameEntry[] _slots = new NameEntry[1 << 14];

    public int Count { get; private set; }

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

    public void AddAll(NameTable other)
    {
        foreach (ref readonly NameEntry entry in other._slots.AsSpan())
            Add(entry);
    }

    /// <summary>Adds all names to an index.</summary>
    public NameIndex ToIndex() => NameIndex.Create(_slots, Count);

    /// <summary>
    /// What tells equal names apart counts too: every unit has some names of its own that are the same in all.
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
