namespace Osprey.Tests.Symbols.Oracle;

/// <summary>
/// A test that needs the folder of an OSv build (<c>OSPREY_OSV_BUILD</c>), and programs of this machine.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OsvBuildFactAttribute : FactAttribute
{
    /// <param name="tools">
    /// The programs that the test calls; with QEMU among them, the build must have a bootable kernel and disk.
    /// </param>
    public OsvBuildFactAttribute(params string[] tools) => Skip = OsvBuild.DescribeMissing(tools);
}
