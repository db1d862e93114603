namespace Osprey.Tests.Symbols.Oracle;

/// <summary>A test that needs the folder of an OSv build (<c>OSPREY_OSV_BUILD</c>) and the tools to compare with.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OsvBuildFactAttribute : FactAttribute
{
    public OsvBuildFactAttribute() =>
        Skip = File.Exists(Loader) ? Tools.DescribeMissing("llvm-symbolizer", "addr2line")
            : "OSPREY_OSV_BUILD does not name a folder with a loader.elf (an OSv build, such as build/release.x64)";

    /// <summary>The kernel with its debug info.</summary>
    public static string Loader => Path.Combine(Environment.GetEnvironmentVariable("OSPREY_OSV_BUILD") ?? "", "loader.elf");
}
