using Osprey.Target.Memory;

namespace Osprey.Target.Architectures.X64;

/// <summary>One entry that a page walk went through.</summary>
/// <param name="Level">Its table's level: 1 is the lowest, 4 or 5 the root of 64-bit guests.</param>
/// <param name="Index">Its position in the table.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Value">What it holds; null when it can't be read.</param>
public readonly record struct PageTableStep(int Level, int Index, PhysicalAddress Address, ulong? Value)
{
    private const PageTableEntryFlags Named =
        (PageTableEntryFlags)0x1ff
        | PageTableEntryFlags.ProtectNone
        | PageTableEntryFlags.CopyOnWrite
        | PageTableEntryFlags.NoExecute;

    /// <summary>The flags that have names. Others are for software, such as Linux's soft-dirty bit.</summary>
    public PageTableEntryFlags Flags => (PageTableEntryFlags)(Value ?? 0) & Named;
}
