using Osprey.Binary.Elf;
using Osprey.Guests;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests.Programs;

/// <summary>
/// Where the thread-locals of a program that was linked by itself, a kernel or a static executable, lie for what a vCPU
/// runs. On x86-64 they end where the thread control block begins, to which the base of fs points (ELF Handling For
/// Thread-Local Storage, variant II).
/// </summary>
internal static class ThreadLocalBlock
{
    private const ulong TlsBaseOffset = 8; // tls_base of OSv's thread_control_block
    private const ulong KernelBlockOffset = 16; // _current_thread_kernel_tcb, counted from the base of gs

    /// <summary>
    /// The address of the block's first byte; null when the program has no thread-locals, or registers do not lead to
    /// them.
    /// </summary>
    /// <param name="image">The program.</param>
    /// <param name="kind">What runs in the guest.</param>
    /// <param name="registers">The vCPU's registers.</param>
    /// <param name="memory">Memory as that vCPU sees it.</param>
    public static ulong? Find(ElfImage image, GuestKind kind, RegisterSet registers, IMemoryReader memory)
    {
        ElfSegment segment = image.Segments.FirstOrDefault(segment => segment.Type == ElfSegmentType.ThreadLocal);
        if (
            segment.Type != ElfSegmentType.ThreadLocal
            || !registers.TryGet(X64Register.FsBase, out ulong control)
            || control == 0
        )
            return null;

        if (kind == GuestKind.Osv)
        {
            control = FindKernelBlock(registers, memory) ?? control;
            if (memory.TryReadUInt64(unchecked(control + TlsBaseOffset), out ulong start) && start != 0)
                return start;
        }

        ulong alignment = Math.Max(segment.Alignment, 1);
        if (segment.MemorySize > 1UL << 40 || alignment > 1 << 20)
            return null;

        return unchecked(control - ((segment.MemorySize + alignment - 1) / alignment * alignment));
    }

    /// <summary>
    /// While OSv runs an application with a C library of its own, fs leads to that one's block; the kernel's is kept at
    /// gs.
    /// </summary>
    private static ulong? FindKernelBlock(RegisterSet registers, IMemoryReader memory) =>
        registers.TryGet(X64Register.GsBase, out ulong gs)
        && gs != 0
        && memory.TryReadUInt64(unchecked(gs + KernelBlockOffset), out ulong block)
        && block != 0
        && memory.TryReadUInt64(block, out ulong self)
        && self == block
            ? block
            : null;
}
