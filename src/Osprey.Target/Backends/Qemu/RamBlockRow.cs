namespace Osprey.Target.Backends.Qemu;

/// <summary>A piece of host memory that QEMU holds for a guest.</summary>
/// <param name="Name">Its name, such as "pc.ram" or "0000:00:02.0/vga.vram".</param>
/// <param name="PageSize">The size of the host's pages behind it in bytes.</param>
/// <param name="Offset">Where it is in QEMU's own numbering of RAM, in bytes. Not a guest address.</param>
/// <param name="UsedSize">Its size in bytes.</param>
/// <param name="TotalSize">What it can grow to, in bytes.</param>
/// <param name="HostAddress">Where it is in QEMU's process; null where QEMU does not say, as before 8.1.</param>
/// <param name="IsReadOnly">Whether it is read-only to QEMU itself; null where QEMU does not say.</param>
internal readonly record struct RamBlockRow(
    string Name,
    ulong PageSize,
    ulong Offset,
    ulong UsedSize,
    ulong TotalSize,
    ulong? HostAddress,
    bool? IsReadOnly
);
