namespace Osprey.Tests.Symbols.Oracle;

/// <summary>The folder of an OSv build, such as <c>build/release.x64</c>, that <c>OSPREY_OSV_BUILD</c> names.</summary>
internal static class OsvBuild
{
    /// <summary>The folder; its path is empty when the variable is not set.</summary>
    public static OsvBuildFolder Folder { get; } = new(Environment.GetEnvironmentVariable("OSPREY_OSV_BUILD") ?? "");

    /// <summary>The kernel with its debug info.</summary>
    public static string Loader => Folder.Loader;

    /// <summary>The kernel without debug info, as it is booted.</summary>
    public static string Kernel => Folder.Kernel;

    /// <summary>
    /// Returns the reason why a test can't run; null when it can. A test that needs QEMU also needs the kernel and disk
    /// to boot.
    /// </summary>
    public static string? DescribeMissing(params ReadOnlySpan<string> tools)
    {
        string[] files = tools.Contains("qemu-system-x86_64") ? [Loader, Kernel, Folder.Image] : [Loader];
        return files.FirstOrDefault(file => !File.Exists(file)) is { } missing
            ? $"OSPREY_OSV_BUILD does not name a folder with a {Path.GetFileName(missing)} (an OSv build, such as "
                + "build/release.x64)"
            : Tools.DescribeMissing(tools);
    }
}
