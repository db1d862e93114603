using Osprey.Binary;

namespace Osprey.Target.Memory;

/// <summary>A range of physical memory and where its bytes are.</summary>
/// <param name="Block">The range.</param>
/// <param name="Source">What holds its bytes.</param>
/// <param name="Offset">Where in <paramref name="Source"/> the range starts, in bytes.</param>
public sealed record MemorySegment(MemoryBlock Block, ByteSource Source, long Offset);
