namespace Osprey.Tests.Guests.Ways;

/// <summary>
/// A test of a Linux guest that gets hardware while it runs; skipped, with the reason, where something is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PluggedLinuxFactAttribute : FactAttribute
{
    public PluggedLinuxFactAttribute() =>
        Skip =
            LinuxGuestImage.DescribeMissing([])
            ?? QemuVersion.DescribeOlder(new Version(7, 2), "its guest was not seen to use what is plugged in");
}
