namespace Osprey.Target.Backends.Qemu.Virtio;

/// <summary>A queue of a virtio device, as QEMU keeps it. Addresses are the guest's physical ones.</summary>
/// <param name="Number">Its number within the device.</param>
/// <param name="Size">The number of its descriptors.</param>
/// <param name="Descriptors">Address of the descriptor table (packed rings: of the descriptor ring).</param>
/// <param name="Available">Address of the available ring (packed rings: of the driver's event area).</param>
/// <param name="Used">Address of the used ring (packed rings: of the device's event area).</param>
public sealed record QemuVirtqueue(int Number, uint Size, ulong Descriptors, ulong Available, ulong Used);
