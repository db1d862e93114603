using System.Buffers.Binary;
using Osprey.Target.Memory;

namespace Osprey.Target.Architectures.X64;

/// <summary>The pages of physical memory that the page tables of an address space are in.</summary>
public sealed class PageTablePages
{
    private const int MaxTables = 1 << 17;
    private const ulong PageSize = 4096;

    private readonly Dictionary<ulong, (int Level, ulong Address)> _tables = [];

    private PageTablePages() { }

    /// <summary>True when there were more tables than are looked at.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Reads all tables, each once. The walk is bounded.</summary>
    /// <param name="memory">The memory that the tables are in.</param>
    /// <param name="paging">The kind of page tables and their place.</param>
    /// <param name="cancellation">Ends the walk.</param>
    public static PageTablePages Read(
        IPhysicalMemory memory,
        X64Paging paging,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(memory);
        var pages = new PageTablePages();
        var format = new PageTableFormat(paging);
        if (format.Levels == 0)
            return pages;

        var open = new Stack<(ulong Table, int Level, ulong Address)>();
        open.Push((paging.Root.Value, format.Levels - 1, 0));
        byte[] bytes = new byte[PageSize];
        while (open.TryPop(out (ulong Table, int Level, ulong Address) item))
        {
            cancellation.ThrowIfCancellationRequested();
            if (pages._tables.Count == MaxTables)
            {
                pages.IsCutShort = true;
                break;
            }

            if (!pages._tables.TryAdd(item.Table / PageSize, (item.Level + 1, format.SignExtend(item.Address))))
                continue;

            if (item.Level == 0)
                continue;

            int wanted = format.EntryCount(item.Level) * format.EntrySize;
            int count = memory.Read(new PhysicalAddress(item.Table), bytes.AsSpan(0, wanted)) / format.EntrySize;
            for (int i = 0; i < count; i++)
            {
                ulong entry =
                    format.EntrySize == 8
                        ? BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * 8))
                        : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i * 4));
                if (format.Classify(item.Level, entry) == PageTableEntryKind.Table)
                    open.Push(
                        (
                            format.TableAddress(entry),
                            item.Level - 1,
                            item.Address + ((ulong)i << format.Shift(item.Level))
                        )
                    );
            }
        }

        return pages;
    }

    /// <summary>Finds the table that a physical address lies in.</summary>
    /// <param name="physical">The physical address.</param>
    /// <param name="level">Its level, from 1 for the lowest.</param>
    /// <param name="address">The first virtual address that it translates.</param>
    /// <returns>False when it is in none.</returns>
    public bool TryFind(PhysicalAddress physical, out int level, out ulong address)
    {
        bool isFound = _tables.TryGetValue(physical.Value / PageSize, out (int Level, ulong Address) table);
        (level, address) = table;
        return isFound;
    }
}
