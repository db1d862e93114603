namespace Osprey.Target.Architectures.X64;

/// <summary>The ways in which x86 CPUs translate linear addresses (Intel SDM volume 3A, section 4.1.1).</summary>
public enum X64PagingMode
{
    /// <summary>It does not: they are the same, as long as they have 32 bits.</summary>
    None,

    /// <summary>Two levels of 32-bit entries.</summary>
    Legacy32,

    /// <summary>32-bit addresses, three levels of 64-bit entries.</summary>
    Pae,

    /// <summary>48-bit addresses, four levels.</summary>
    FourLevel,

    /// <summary>57-bit addresses, five levels.</summary>
    FiveLevel,

    /// <summary>
    /// No translation of 64-bit addresses: the memory of a process, as the process itself sees it. No CPU has this.
    /// </summary>
    Flat,
}
