namespace Osprey.Binary.Elf;

/// <summary>One program header.</summary>
/// <param name="Type">What it is for; a value without a name is kept as it is.</param>
/// <param name="Flags">Permissions: 1 execute, 2 write, 4 read.</param>
/// <param name="Offset">Where its bytes are in the file.</param>
/// <param name="LinkAddress">Where it is linked to.</param>
/// <param name="PhysicalLinkAddress">Where it is loaded physically, for kernels.</param>
/// <param name="FileSize">Bytes in the file.</param>
/// <param name="MemorySize">Bytes in memory.</param>
/// <param name="Alignment">Its bytes' alignment.</param>
public readonly record struct ElfSegment(
    ElfSegmentType Type,
    uint Flags,
    ulong Offset,
    ulong LinkAddress,
    ulong PhysicalLinkAddress,
    ulong FileSize,
    ulong MemorySize,
    ulong Alignment
);
