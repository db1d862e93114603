using System.Runtime.InteropServices;

namespace Osprey.Symbols.Types.Names;

/// <summary>Names while an index is built: a hash table that keeps the first, by offset, of those that are the same.</summary>
internal sealed class NameTable
{
    private byte[] _bytes = new byte[NameEntry.Size << 14];

    public int Count { get; private set; }

    /// <summary>The slots; a power of two of them.</summary>
    public byte[] Bytes => _bytes;

    private Span<NameEntry> Slots => MemoryMarshal.Cast<byte, NameEntry>(_bytes.AsSpan());

    public void Add(in NameEntry entry)
    {
        if (entry.IsEmpty)
            return;

        Span<NameEntry> slots = Slots;
        if (Count >= slots.Length / 4 * 3)
        {
            Grow();
            slots = Slots;
        }

        int mask = slots.Length - 1;
        int index = NameIndex.GetFirstSlot(entry.Key, mask);
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
                if (entry.IsInTypes == slot.IsInTypes ? entry.Offset < slot.Offset : !entry.IsInTypes)
                    slot = entry;

                return;
            }

            index = (index + 1) & mask;
        }
    }

    public void AddAll(NameTable other)
    {
        foreach (ref readonly NameEntry entry in other.Slots)
            Add(entry);
    }

    private void Grow()
    {
        Span<NameEntry> old = Slots;
        _bytes = new byte[checked(_bytes.Length * 2)];
        Count = 0;
        foreach (ref readonly NameEntry entry in old)
            Add(entry);
    }
}
