using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Processes;

/// <summary>Makes blocks of what a process has mapped.</summary>
internal static class ProcessBlocks
{
    public static IReadOnlyList<MemoryBlock> Of(IReadOnlyList<ProgramMapping> mappings) =>
        [
            .. mappings
                .Where(mapping => mapping.IsReadable)
                .Select(mapping => new MemoryBlock(
                    new PhysicalAddress(mapping.Start),
                    mapping.End - mapping.Start,
                    MemoryBlockKind.Unknown,
                    mapping.Path
                )),
        ];
}
