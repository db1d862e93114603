namespace Osprey.Tests.Guests.Block;

/// <summary>
/// A test that boots a Linux guest with a disk; skipped, with the reason, where something for that is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiskGuestFactAttribute : FactAttribute
{
    public DiskGuestFactAttribute() =>
        Skip =
            LinuxGuestImage.DescribeMissing("qemu-img")
            ?? BlockQemuFactAttribute.DescribeOldQemu()
            ?? (
                LinuxGuestImage.ListDiskModules().Count > 0
                    ? null
                    : "the kernel's modules for disks are missing: run tests/linux-guest/install"
            );
}
