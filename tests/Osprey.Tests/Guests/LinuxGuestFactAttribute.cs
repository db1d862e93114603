namespace Osprey.Tests.Guests;

/// <summary>
/// A test that boots a Linux guest; skipped, with the reason, where QEMU, the kernel or a compiler is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxGuestFactAttribute : FactAttribute
{
    /// <param name="tools">What the test calls beyond that.</param>
    public LinuxGuestFactAttribute(params string[] tools) => Skip = LinuxGuestImage.DescribeMissing(tools);
}
