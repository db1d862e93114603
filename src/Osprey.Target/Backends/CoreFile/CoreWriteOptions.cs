using Osprey.Target.Memory;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>The contents of a core beyond memory and registers.</summary>
public sealed record CoreWriteOptions
{
    /// <summary>
    /// The kernel's address space: against it a VMCOREINFO note that is found in memory is verified. Null when no page
    /// tables are known.
    /// </summary>
    public AddressSpace? Kernel { get; init; }

    /// <summary>
    /// The address space to write virtual segments of, as QEMU does with <c>paging</c>; null for none.
    /// </summary>
    public AddressSpace? Paging { get; init; }

    /// <summary>The guest's programs, to be named in the core.</summary>
    public IReadOnlyList<CoreProgram> Programs { get; init; } = [];
}
