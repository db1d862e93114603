namespace Osprey.Target.Architectures.X64;

/// <summary>Bits of a page table's entry that are not its address (Intel SDM volume 3A, section 4.5.5).</summary>
[Flags]
public enum PageTableEntryFlags : ulong
{
    None = 0,
    Present = 1UL << 0,
    Write = 1UL << 1,
    User = 1UL << 2,
    WriteThrough = 1UL << 3,
    CacheDisable = 1UL << 4,
    Accessed = 1UL << 5,
    Dirty = 1UL << 6,

    /// <summary>The entry is a large page; in a lowest table it is an attribute (PAT) instead.</summary>
    Large = 1UL << 7,

    Global = 1UL << 8,

    /// <summary>Reserved on real CPUs. OSv sets it in present entries of pages that must fault: PROT_NONE.</summary>
    ProtectNone = 1UL << 51,

    /// <summary>Free for software; OSv's mark of copy-on-write.</summary>
    CopyOnWrite = 1UL << 53,

    NoExecute = 1UL << 63,
}
