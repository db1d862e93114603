namespace Osprey.Tests.Guests.Capture;

/// <summary>
/// A test that boots a Linux guest with a network card; skipped, with the reason, where something for that is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkGuestFactAttribute : FactAttribute
{
    public NetworkGuestFactAttribute(params string[] tools) =>
        Skip =
            LinuxGuestImage.DescribeMissing(tools)
            ?? QemuVersion.DescribeOlder(new Version(7, 2), "does not tell where its virtio queues are")
            ?? QemuVersion.DescribeNewer(new Version(10, 0), "may end when it is asked where its virtio queues are")
            ?? (
                LinuxGuestImage.ListNetworkModules().Count > 0
                    ? null
                    : "the kernel's modules for network cards are missing: run tests/linux-guest/install"
            );
}
