using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Gdb;

/// <summary>The address space of one vCPU as the stub itself translates it. Nothing is kept.</summary>
/// <param name="target">The guest.</param>
/// <param name="cpu">The vCPU whose page tables translate.</param>
internal sealed class GdbVirtualMemory(GdbTarget target, int cpu) : IMemoryReader
{
    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> buffer) => target.ReadVirtual(cpu, address, buffer);
}
