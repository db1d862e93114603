using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Guests.Stacks;

/// <summary>The stack of a vCPU at one moment, or of something else that the guest saved registers of.</summary>
/// <param name="Cpu">The vCPU's number from 0; null for saved registers.</param>
/// <param name="Registers">The values of its registers, as far as they are known.</param>
/// <param name="Memory">
/// Memory through the vCPU's own page tables. Where a live guest was paused for it, the stack in it is as it was then;
/// what pointers lead to is as it is when it is read.
/// </param>
/// <param name="Backtrace">Its frames, innermost first, and why there are no more.</param>
public sealed record CpuStack(int? Cpu, RegisterSet Registers, IMemoryReader Memory, Backtrace Backtrace)
{
    /// <summary>Whether it is that of a program in user mode, by the processor's privilege level.</summary>
    public bool IsOfProgram => Registers[X64Register.Cs] is ulong selector && (selector & 3) == 3;
}
