using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target;

/// <summary>A test that boots the kernel of an OSv build (<c>OSPREY_OSV_BUILD</c>) in QEMU.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OsvKernelFactAttribute : FactAttribute
{
    public OsvKernelFactAttribute() => Skip = File.Exists(Kernel)
        ? Tools.DescribeMissing("qemu-system-x86_64")
        : "OSPREY_OSV_BUILD does not name a folder with a loader-stripped.elf (an OSv build, such as build/release.x64)";

    /// <summary>The kernel without debug info, as it is booted.</summary>
    public static string Kernel => Path.Combine(Environment.GetEnvironmentVariable("OSPREY_OSV_BUILD") ?? "", "loader-stripped.elf");
}
