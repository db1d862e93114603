namespace Osprey.Tests.Symbols.Oracle;

/// <summary>
/// A test that needs a Linux kernel with DWARF (<c>OSPREY_VMLINUX</c>, the path of a vmlinux) and gdb to compare with.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VmlinuxFactAttribute : FactAttribute
{
    public VmlinuxFactAttribute() => Skip = DescribeMissing();

    /// <summary>The kernel with its debug info.</summary>
    public static string Vmlinux => Environment.GetEnvironmentVariable("OSPREY_VMLINUX") ?? "";

    /// <summary>Returns the reason why a test can't run; null when it can.</summary>
    public static string? DescribeMissing() =>
        File.Exists(Vmlinux)
            ? Tools.DescribeMissing("gdb")
            : "OSPREY_VMLINUX does not name a Linux kernel with debug info (a vmlinux)";
}
