using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Qemu.Live;

/// <summary>A range of the guest's physical memory and where QEMU keeps it.</summary>
/// <param name="Block">The range as the guest sees it.</param>
/// <param name="HostAddress">The address of its first byte in QEMU's own memory.</param>
internal sealed record RamRange(MemoryBlock Block, ulong HostAddress);
