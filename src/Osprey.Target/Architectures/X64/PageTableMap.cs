using System.Buffers.Binary;
using Osprey.Target.Memory;

namespace Osprey.Target.Architectures.X64;

/// <summary>Everything that an address space maps, range after range, found while it is asked for.</summary>
/// <remarks>A table is read at once, one buffer a level; entries cost no allocation. One enumeration only.</remarks>
public sealed class PageTableMap
{
    private const int TableSize = 4096;

    private readonly IPhysicalMemory _memory;
    private readonly X64Paging _paging;
    private readonly PageTableMapOptions _options;
    private readonly PageTableFormat _format;
    private readonly Level[] _levels;

    /// <param name="memory">The memory that the tables are in.</param>
    /// <param name="paging">The state of the CPU whose view is wanted.</param>
    /// <param name="options">What part, and how fine.</param>
    public PageTableMap(IPhysicalMemory memory, X64Paging paging, PageTableMapOptions? options = null)
    {
        _memory = memory;
        _paging = paging;
        _options = options ?? new PageTableMapOptions();
        _format = new PageTableFormat(paging);
        _levels = new Level[_format.Levels];
        for (int i = 0; i < _levels.Length; i++)
            _levels[i] = new Level();
    }

    /// <summary>The number of tables that were read so far.</summary>
    public int TableCount { get; private set; }

    /// <summary>The number of tables that could not be read; the pages that they map are missing.</summary>
    public int UnreadableTables { get; private set; }

    /// <summary>
    /// The number of present entries with reserved bits set, except OSv's mark for PROT_NONE: signs of damage.
    /// </summary>
    public long ReservedEntries { get; private set; }

    /// <summary>The number of ranges that were given so far.</summary>
    public int RangeCount { get; private set; }

    /// <summary>
    /// Tells whether the map ended early, at <see cref="PageTableMapOptions.MaxTables"/> or
    /// <see cref="PageTableMapOptions.MaxRanges"/>.
    /// </summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Walks the tables, lowest address first. Nothing for a CPU without paging.</summary>
    public IEnumerable<PageRange> Enumerate(CancellationToken cancellation = default)
    {
        PageRange? pending = null;
        if (
            _levels.Length == 0
            || !Enter(
                _levels.Length - 1,
                _paging.Root.Value,
                0,
                PagePermissions.Read | PagePermissions.Write | PagePermissions.Execute | PagePermissions.User
            )
        )
            yield break;

        int level = _levels.Length - 1;
        while (level < _levels.Length)
        {
            // Out of a table that is through.
            if (!_levels[level].TryNext(_format, out int index, out ulong entry))
            {
                level++;
                continue;
            }

            PageTableEntryKind kind = _format.Classify(level, entry);
            if (kind is PageTableEntryKind.NotPresent)
                continue;

            Level table = _levels[level];
            ulong address = table.Address + ((ulong)index << _format.Shift(level));
            ulong start = _format.SignExtend(address);
            ulong size = 1UL << _format.Shift(level);
            if (start > _options.Last)
                break;

            if (start + (size - 1) < _options.Start)
                continue;

            PagePermissions permissions = table.Permissions & _format.Permissions(level, entry);
            if (kind == PageTableEntryKind.Table)
            {
                cancellation.ThrowIfCancellationRequested();
                if (TableCount >= _options.MaxTables)
                {
                    IsCutShort = true;
                    break;
                }

                if (Enter(level - 1, _format.TableAddress(entry), address, permissions))
                    level--;

                continue;
            }

            if (kind == PageTableEntryKind.Reserved)
            {
                ReservedEntries++;
                continue;
            }

            PagePermissions allowed = kind == PageTableEntryKind.Leaf ? permissions : PagePermissions.None;
            var page = new PageRange(
                start,
                size,
                allowed,
                new PhysicalAddress(_format.PageAddress(level, entry)),
                size,
                size
            );
            if (pending is { } before && TryMerge(before, page, out PageRange merged))
            {
                pending = merged;
                continue;
            }

            if (pending is { } whole)
            {
                RangeCount++;
                yield return whole;
            }

            pending = page;
            if (RangeCount == _options.MaxRanges)
            {
                IsCutShort = true;
                yield break;
            }
        }

        if (pending is { } last)
        {
            RangeCount++;
            yield return last;
        }
    }

    private bool TryMerge(in PageRange before, in PageRange page, out PageRange merged)
    {
        merged = default;
        if (unchecked(before.Start + before.Size) != page.Start || before.Permissions != page.Permissions)
            return false;

        bool isOnePiece = before.Physical is { } physical && physical.Value + before.Size == page.Physical!.Value.Value;
        if (_options.SplitWherePhysicalChanges && (!isOnePiece || before.LargestPage != page.LargestPage))
            return false;

        merged = before with
        {
            Size = before.Size + page.Size,
            Physical = isOnePiece ? before.Physical : null,
            SmallestPage = Math.Min(before.SmallestPage, page.SmallestPage),
            LargestPage = Math.Max(before.LargestPage, page.LargestPage),
        };
        return true;
    }

    private bool Enter(int level, ulong table, ulong address, PagePermissions permissions)
    {
        Level entered = _levels[level];
        int size = _format.EntryCount(level) * _format.EntrySize;
        TableCount++;
        int count = _memory.Read(new PhysicalAddress(table), entered.Bytes.AsSpan(0, size));
        if (count < size)
            UnreadableTables++;

        entered.Count = count / _format.EntrySize;
        entered.Next = 0;
        entered.Address = address;
        entered.Permissions = permissions;
        return entered.Count > 0;
    }

    /// <summary>The table of a level that is being walked.</summary>
    private sealed class Level
    {
        public byte[] Bytes { get; } = new byte[TableSize];

        public int Count { get; set; }

        public int Next { get; set; }

        public ulong Address { get; set; }

        public PagePermissions Permissions { get; set; }

        /// <summary>Takes the next entry that is not 0.</summary>
        public bool TryNext(PageTableFormat format, out int index, out ulong entry)
        {
            // Nearly all entries have a neighbour; where one has none, the gap is long.
            if (Next < Count && ReadEntry(format, Next) is var here and not 0)
            {
                (index, entry) = (Next++, here);
                return true;
            }

            ReadOnlySpan<byte> rest = Bytes.AsSpan(Next * format.EntrySize, (Count - Next) * format.EntrySize);
            int zeros = rest.IndexOfAnyExcept((byte)0);
            if (zeros < 0)
            {
                (index, entry) = (0, 0);
                Next = Count;
                return false;
            }

            index = Next + (zeros / format.EntrySize);
            entry = ReadEntry(format, index);
            Next = index + 1;
            return true;
        }

        private ulong ReadEntry(PageTableFormat format, int index) =>
            format.EntrySize == 8
                ? BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan(index * 8))
                : BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(index * 4));
    }
}
