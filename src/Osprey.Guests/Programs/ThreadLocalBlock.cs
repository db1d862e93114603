using Osprey.Binary.Elf;

namespace Osprey.Guests.Programs;

/// <summary>
/// The place of the thread-locals of a program that was linked by itself, a kernel or a static executable. On x86-64
/// they end where the thread control block begins, to which the thread pointer leads (ELF Handling For Thread-Local
/// Storage, variant II).
/// </summary>
internal static class ThreadLocalBlock
{
    /// <summary>True for a program that has thread-locals.</summary>
    public static bool HasAny(ElfImage program) => TryFindSegment(program, out _);

    /// <summary>
    /// The address of the block's first byte; null when the program has no thread-locals, or no thread pointer is
    /// known.
    /// </summary>
    public static ulong? Find(ElfImage program, ulong? threadPointer)
    {
        if (threadPointer is not { } pointer || !TryFindSegment(program, out ElfSegment segment))
            return null;

        ulong alignment = Math.Max(segment.Alignment, 1);
        if (segment.MemorySize > 1UL << 40 || alignment > 1 << 20)
            return null;

        return unchecked(pointer - ((segment.MemorySize + alignment - 1) / alignment * alignment));
    }

    private static bool TryFindSegment(ElfImage program, out ElfSegment segment)
    {
        segment = program.Segments.FirstOrDefault(segment => segment.Type == ElfSegmentType.ThreadLocal);
        return segment.Type == ElfSegmentType.ThreadLocal;
    }
}
