using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Qemu.Live;

/// <summary>A guest's physical memory of which at least a part is shared with this process.</summary>
/// <remarks>Firmware and video memory are QEMU's own even then: those are copied when they are looked at.</remarks>
internal sealed class SharedQemuMemory(QemuProcess process, RamRange[] ranges, SharedMapping?[] mappings)
    : QemuMemory(process, ranges, mappings),
        IMappedMemory
{
    /// <inheritdoc/>
    public ReadOnlySpan<byte> GetMapped(PhysicalAddress address, int maxLength)
    {
        ReadOnlySpan<byte> mapped = FindMapped(address.Value, maxLength, out bool isMapped);
        if (isMapped)
            return mapped;

        byte[] copy = new byte[maxLength];
        return copy.AsSpan(0, Read(address, copy));
    }
}
