using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>OSv builds below the folder that <c>OSPREY_OSV_GUESTS</c> names, with our own programs in them.</summary>
internal static class OsvGuests
{
    /// <summary>A build with the kernel's allocation tracker.</summary>
    public const string Tracker = "tracker";

    /// <summary>A build with the options that OSv has by itself.</summary>
    public const string Default = "default";

    /// <summary>A build with OpenZFS, whose root file system is ZFS.</summary>
    public const string OpenZfs = "openzfs";

    private static readonly string s_root = Environment.GetEnvironmentVariable("OSPREY_OSV_GUESTS") ?? "";

    /// <summary>A build by its name.</summary>
    public static OsvBuildFolder Find(string name) => OsvBuildFolder.At(Path.Combine(s_root, name));

    /// <summary>Returns the reason why a test of a build can't run; null when it can.</summary>
    public static string? DescribeMissing(string name, params ReadOnlySpan<string> tools)
    {
        OsvBuildFolder build = Find(name);
        string[] files = [build.Loader, build.Kernel, build.Image];
        return files.FirstOrDefault(file => s_root.Length == 0 || !File.Exists(file)) is { } missing
            ? $"OSPREY_OSV_GUESTS names no folder with an OSv build '{name}' that has a {Path.GetFileName(missing)}"
            : Tools.DescribeMissing([.. tools, "qemu-system-x86_64"]);
    }
}
