using Osprey.Target.Memory;

namespace Osprey.Target.Architectures.X64;

/// <summary>Pages that follow each other in a virtual address space and allow the same.</summary>
/// <param name="Start">Virtual address of the first.</param>
/// <param name="Size">Bytes in all.</param>
/// <param name="Permissions">
/// The permissions of all levels together; none for pages that are present and fault (PROT_NONE).
/// </param>
/// <param name="Physical">Where the range lies when it is physically in one piece, otherwise null.</param>
/// <param name="SmallestPage">Size of its smallest page in bytes.</param>
/// <param name="LargestPage">Size of its largest page in bytes.</param>
public readonly record struct PageRange(
    ulong Start,
    ulong Size,
    PagePermissions Permissions,
    PhysicalAddress? Physical,
    ulong SmallestPage,
    ulong LargestPage
)
{
    /// <summary>Virtual address of the last byte: the address behind it may not exist.</summary>
    public ulong Last => Start + (Size - 1);

    /// <summary>Tells whether its code can be overwritten.</summary>
    public bool IsWritableAndExecutable =>
        (Permissions & (PagePermissions.Write | PagePermissions.Execute))
        == (PagePermissions.Write | PagePermissions.Execute);
}
