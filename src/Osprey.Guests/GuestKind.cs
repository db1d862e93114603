namespace Osprey.Guests;

/// <summary>Operating systems that are recognised in a guest's memory.</summary>
public enum GuestKind
{
    /// <summary>None of those known, or none yet: firmware, a boot loader.</summary>
    Unknown,

    /// <summary>OSv.</summary>
    Osv,

    /// <summary>Linux.</summary>
    Linux,
}
