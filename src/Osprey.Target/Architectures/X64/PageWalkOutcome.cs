namespace Osprey.Target.Architectures.X64;

/// <summary>The outcome of a page walk.</summary>
public enum PageWalkOutcome
{
    /// <summary>The address is mapped.</summary>
    Mapped,

    /// <summary>An entry is not present.</summary>
    NotPresent,

    /// <summary>
    /// The lowest entry is present with bit 51 set: it faults, which is how OSv keeps a page from being used
    /// (PROT_NONE).
    /// </summary>
    ProtectNone,

    /// <summary>A present entry has reserved bits set: it faults.</summary>
    ReservedBits,

    /// <summary>A table is not in memory that can be read.</summary>
    TableUnreadable,

    /// <summary>No such address exists: over 32 bits, or not sign-extended.</summary>
    NotCanonical,
}
