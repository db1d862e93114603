namespace Osprey.Target.Memory;

/// <summary>A guest's physical memory, as one way to the guest gives it. Device memory is never in it.</summary>
/// <remarks>Used from one thread at a time.</remarks>
public interface IPhysicalMemory
{
    /// <summary>
    /// The blocks that there are, lowest address first, not overlapping. Between them nothing can be read.
    /// </summary>
    IReadOnlyList<MemoryBlock> Blocks { get; }

    /// <summary>
    /// Says whether the memory may have changed: caches over it compare. Memory that never changes, which is what this
    /// is unless the memory says otherwise, has <see cref="StopGeneration.Fixed"/>.
    /// </summary>
    StopGeneration Generation => StopGeneration.Fixed;

    /// <summary>Copies what can be read at <paramref name="address"/>; stops at the first byte that can't.</summary>
    /// <returns>The bytes copied, from the buffer's start. A short count is the answer, not an error.</returns>
    /// <exception cref="TargetException">
    /// The guest itself can't be reached any more: it ended, or the connection did.
    /// </exception>
    int Read(PhysicalAddress address, Span<byte> buffer);
}
