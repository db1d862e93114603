using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Guests.Osv;

/// <summary>
/// The members of OSv's structs that lead to a thread's control block and to its thread-local variables, by the
/// kernel's debug info.
/// </summary>
/// <remarks>
/// The base of fs leads to the running thread's <c>thread_control_block</c>. While an application with a C library of
/// its own runs, it leads to that library's block; the kernel's is kept in the per-CPU <c>sched::arch_cpu</c>, of which
/// the base of gs names the member <c>_current_syscall_stack_descriptor</c>. Kernels before October 2023 do not keep
/// it.
/// </remarks>
/// <param name="SelfOffset">Offset of <c>self</c> in the control block: the block's own address.</param>
/// <param name="StartOffset">Offset of <c>tls_base</c> in it: the start of the kernel's thread-locals.</param>
/// <param name="KeptOffset">
/// Offset of <c>_current_thread_kernel_tcb</c> from the base of gs; null when the kernel does not keep it.
/// </param>
internal sealed record OsvThreadLayout(ulong SelfOffset, ulong StartOffset, ulong? KeptOffset)
{
    /// <summary>The offsets of the kernels so far, for one without debug info.</summary>
    public static OsvThreadLayout Usual { get; } = new(0, 8, 16);

    /// <summary>Reads the layout out of a kernel's debug info; a struct that is not in it is as usual.</summary>
    public static OsvThreadLayout Of(ITypeSource? kernelTypes)
    {
        CompoundType? block = FindStruct(kernelTypes, "thread_control_block");
        CompoundType? cpu = FindStruct(kernelTypes, "sched::arch_cpu");
        return new OsvThreadLayout(
            FindOffset(block, "self") ?? Usual.SelfOffset,
            FindOffset(block, "tls_base") ?? Usual.StartOffset,
            cpu is null
                ? Usual.KeptOffset
                : unchecked(
                    FindOffset(cpu, "_current_thread_kernel_tcb") - FindOffset(cpu, "_current_syscall_stack_descriptor")
                )
        );
    }

    /// <summary>The kernel's control block of the running thread; null when the registers do not lead to one.</summary>
    public ulong? FindControlBlock(RegisterSet registers, IMemoryReader memory)
    {
        if (!registers.TryGet(X64Register.FsBase, out ulong fs) || fs == 0)
            return null;

        return FindKept(registers, memory) ?? fs;
    }

    private ulong? FindKept(RegisterSet registers, IMemoryReader memory) =>
        KeptOffset is { } offset
        && registers.TryGet(X64Register.GsBase, out ulong gs)
        && gs != 0
        && memory.TryReadUInt64(unchecked(gs + offset), out ulong block)
        && block != 0
        && memory.TryReadUInt64(unchecked(block + SelfOffset), out ulong self)
        && self == block
            ? block
            : null;

    private static CompoundType? FindStruct(ITypeSource? types, string name) =>
        types?.FindType(name) is CompoundType { IsDeclaration: false } type ? type : null;

    private static ulong? FindOffset(CompoundType? type, string name) =>
        type?.Members.FirstOrDefault(member => member.Name == name)?.Offset;
}
