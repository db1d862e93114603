namespace Osprey.Tests.Symbols.Oracle;

/// <summary>
/// A test that needs the folder of an OSv build (<c>OSPREY_OSV_BUILD</c>), and programs of the machine.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OsvBuildFactAttribute : FactAttribute
{
    /// <param name="tools">What the test calls; with QEMU among it, the build must have what is booted.</param>
    public OsvBuildFactAttribute(params string[] tools) => Skip = OsvBuild.DescribeMissing(tools);
}
