namespace Osprey.Binary.Elf;

/// <summary>A program header.</summary>
/// <param name="Type">The segment's purpose; a value without a name is kept as it is.</param>
/// <param name="Flags">Permissions: 1 execute, 2 write, 4 read.</param>
/// <param name="Offset">Offset of the bytes in the file.</param>
/// <param name="LinkAddress">Link-time address of the first byte.</param>
/// <param name="PhysicalLinkAddress">Physical address that the first byte is linked to, for kernels.</param>
/// <param name="FileSize">Size in the file in bytes.</param>
/// <param name="MemorySize">Size in memory in bytes.</param>
/// <param name="Alignment">Alignment in bytes.</param>
public readonly record struct ElfSegment(
    ElfSegmentType Type,
    uint Flags,
    ulong Offset,
    ulong LinkAddress,
    ulong PhysicalLinkAddress,
    ulong FileSize,
    ulong MemorySize,
    ulong Alignment
)
{
    /// <summary>The permission to execute, in <see cref="Flags"/>.</summary>
    public const uint Executable = 1; // PF_X
}
