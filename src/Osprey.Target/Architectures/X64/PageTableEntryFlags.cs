namespace Osprey.Target.Architectures.X64;

/// <summary>Bits of a page table's entry that are not its address (Intel SDM volume 3A, section 4.5.5).</summary>
[Flags]
public enum PageTableEntryFlags : ulong
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The entry is in use (P).</summary>
    Present = 1UL << 0,

    /// <summary>Writes are allowed (R/W).</summary>
    Write = 1UL << 1,

    /// <summary>Code of ring 3 has access (U/S).</summary>
    User = 1UL << 2,

    /// <summary>The caches write through (PWT).</summary>
    WriteThrough = 1UL << 3,

    /// <summary>The caches are not used (PCD).</summary>
    CacheDisable = 1UL << 4,

    /// <summary>The CPU has used the entry (A).</summary>
    Accessed = 1UL << 5,

    /// <summary>The CPU has written to the page (D).</summary>
    Dirty = 1UL << 6,

    /// <summary>The entry is a large page; in a lowest table it is an attribute (PAT) instead.</summary>
    Large = 1UL << 7,

    /// <summary>The translation stays when CR3 changes (G).</summary>
    Global = 1UL << 8,

    /// <summary>Reserved on real CPUs. OSv sets it in present entries of pages that must fault: PROT_NONE.</summary>
    ProtectNone = 1UL << 51,

    /// <summary>Free for software; OSv's mark of copy-on-write.</summary>
    CopyOnWrite = 1UL << 53,

    /// <summary>Code in the page does not run (XD).</summary>
    NoExecute = 1UL << 63,
}
