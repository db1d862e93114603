using Osprey.Tests.Packets;

namespace Osprey.Tests.Guests.Block;

/// <summary>
/// A test that puts a filter into a drive of a real QEMU; skipped, with the reason, where that is missing or too old.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BlockQemuFactAttribute : FactAttribute
{
    public BlockQemuFactAttribute() => Skip = DescribeMissing();

    /// <summary>Says what is missing; null when nothing is.</summary>
    public static string? DescribeMissing() =>
        new RequiresProgramFactAttribute("qemu-system-x86_64", "qemu-img").Skip ?? DescribeOldQemu();

    /// <summary>Says that this QEMU takes no filter into a drive while it runs; null when it does.</summary>
    public static string? DescribeOldQemu() =>
        QemuVersion.DescribeOlder(new Version(7, 2), "takes no filter into a drive while it runs");
}
