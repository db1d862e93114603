using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Tests.Builders.Guests;

/// <summary>
/// Builds page tables of any mode in memory of their own: a page for each table, from physical address 0x1000 on.
/// </summary>
internal sealed class PageTableBuilder(X64PagingMode mode = X64PagingMode.FourLevel)
{
    public const ulong Present = 1;
    public const ulong Write = 2;
    public const ulong User = 4;
    public const ulong Large = 0x80;
    public const ulong NoExecute = 1UL << 63;

    private readonly List<byte[]> _tables = [new byte[4096], new byte[4096]];

    public static ulong Root => 0x1000;

    public X64Paging Paging => new(mode, new PhysicalAddress(Root));

    private int EntrySize => mode == X64PagingMode.Legacy32 ? 4 : 8;

    private int IndexBits => EntrySize == 4 ? 10 : 9;

    private int Levels =>
        mode switch
        {
            X64PagingMode.Legacy32 => 2,
            X64PagingMode.Pae => 3,
            X64PagingMode.FourLevel => 4,
            _ => 5,
        };

    /// <summary>Maps a page; missing tables are created with <paramref name="tableFlags"/>.</summary>
    /// <param name="level">0 for 4 KiB, 1 for 2 or 4 MiB, 2 for 1 GiB.</param>
    public PageTableBuilder Map(
        ulong address,
        ulong physical,
        ulong flags,
        int level = 0,
        ulong tableFlags = Present | Write | User
    ) => SetEntry(address, level, physical | flags | (level > 0 ? Large : 0), tableFlags);

    /// <summary>Sets the entry of a level to a given value.</summary>
    public PageTableBuilder SetEntry(ulong address, int level, ulong entry, ulong tableFlags = Present | Write | User)
    {
        int table = 1;
        for (int i = Levels - 1; i > level; i--)
        {
            ulong next = Get(table, Index(address, i));
            if ((next & Present) == 0)
            {
                _tables.Add(new byte[4096]);
                bool isPaeRoot = mode == X64PagingMode.Pae && i == 2;
                next = ((ulong)(_tables.Count - 1) << 12) | (isPaeRoot ? Present : tableFlags);
                Set(table, Index(address, i), next);
            }

            table = (int)((next & 0xffff_f000) >> 12);
        }

        Set(table, Index(address, level), entry);
        return this;
    }

    /// <summary>Returns the tables, followed by zeros up to <paramref name="size"/> bytes in all.</summary>
    public byte[] Build(int size = 0)
    {
        byte[] memory = new byte[Math.Max(size, _tables.Count * 4096)];
        for (int i = 0; i < _tables.Count; i++)
            _tables[i].CopyTo(memory, i * 4096);

        return memory;
    }

    public SegmentedMemory BuildMemory(int size = 0) => ToMemory(Build(size));

    public static SegmentedMemory ToMemory(byte[] bytes, ulong start = 0) =>
        new([
            new MemorySegment(
                new MemoryBlock(new PhysicalAddress(start), (ulong)bytes.Length, MemoryBlockKind.Ram, ""),
                new Osprey.Binary.MemoryByteSource("memory", bytes),
                0
            ),
        ]);

    private int Index(ulong address, int level) =>
        (int)((address >> (12 + (IndexBits * level))) & (ulong)((1 << IndexBits) - 1));

    private ulong Get(int table, int index) =>
        EntrySize == 8
            ? BitConverter.ToUInt64(_tables[table], index * 8)
            : BitConverter.ToUInt32(_tables[table], index * 4);

    private void Set(int table, int index, ulong entry)
    {
        byte[] bytes = BitConverter.GetBytes(entry);
        bytes.AsSpan(0, EntrySize).CopyTo(_tables[table].AsSpan(index * EntrySize));
    }
}
