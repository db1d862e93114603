namespace Osprey.Tests.Builders.Guests;

/// <summary>The layouts of the kernel's symbol table, by the versions that have them.</summary>
public enum KallsymsLayout
{
    /// <summary>Before 4.6: addresses of 8 bytes in front; numbers of 8 bytes.</summary>
    Addresses,

    /// <summary>4.6 to 4.19: offsets and their base in front; numbers of 8 bytes.</summary>
    WideNumbers,

    /// <summary>4.20 to 6.1: numbers of 4 bytes.</summary>
    Offsets,

    /// <summary>6.2 and 6.3: with the order of names between markers and tokens.</summary>
    NameOrder,

    /// <summary>6.4 and later: offsets, base and order of names behind the tokens.</summary>
    OffsetsBehind,

    /// <summary>6.4 and later, built without a base: addresses of 8 bytes behind the tokens.</summary>
    AddressesBehind,

    /// <summary>As 7.2: aligned to 4 bytes, with distances from their own places behind the tokens.</summary>
    Distances,
}
