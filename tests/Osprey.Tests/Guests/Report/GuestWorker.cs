using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Tests.Guests.Report;

/// <summary>The thread that spins on a vCPU.</summary>
/// <param name="Cpu">The vCPU.</param>
/// <param name="Space">Its address space: what CR3 gives while it spins.</param>
/// <param name="ThreadId">Its thread.</param>
/// <param name="Registers">
/// What its registers hold as long as it spins: all general ones, and the bases of fs and gs.
/// </param>
/// <param name="Frames">Its stack, innermost first, down to <c>spin_level_4</c>; <c>work</c> called that.</param>
/// <param name="ThreadLocalAddress">Where its <c>thread_value</c> is.</param>
/// <param name="ThreadLocalValue">What its <c>thread_value</c> is.</param>
internal sealed record GuestWorker(
    int Cpu,
    int Space,
    int ThreadId,
    RegisterSet Registers,
    IReadOnlyList<GuestFrame> Frames,
    ulong ThreadLocalAddress,
    ulong ThreadLocalValue
)
{
    /// <summary>Its stack pointer.</summary>
    public ulong StackPointer => Registers[X64Register.Rsp]!.Value;
}
