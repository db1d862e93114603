using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Qemu;

/// <summary>A flat range of a guest's physical addresses that host memory stands behind.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Size">Its size in bytes; never zero.</param>
/// <param name="Kind">Whether the guest may write it.</param>
/// <param name="Block">
/// The memory region's name, such as "pc.ram". It is the last part of a RAM block's name: devices' blocks have a path
/// in front there, as in "0000:00:02.0/vga.vram".
/// </param>
/// <param name="BlockOffset">Bytes from the start of the block to <paramref name="Start"/>.</param>
internal readonly record struct MemoryTreeRow(
    PhysicalAddress Start,
    ulong Size,
    MemoryBlockKind Kind,
    string Block,
    ulong BlockOffset
);
