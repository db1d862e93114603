namespace Osprey.Target.Architectures.X64;

/// <summary>The kind of an entry of a page table.</summary>
internal enum PageTableEntryKind
{
    NotPresent,

    /// <summary>It names a table of the next level.</summary>
    Table,

    /// <summary>It names a page.</summary>
    Leaf,

    /// <summary>A leaf with OSv's mark for pages that must fault.</summary>
    ProtectNone,

    /// <summary>It faults for other bits that must be 0.</summary>
    Reserved,
}
