namespace Osprey.Cli.CommandLine;

/// <summary>The folders of an OSv build that are searched when the user names no ELF file.</summary>
internal static class BuildFolders
{
    private const string Release = "build/release";
    private const string Debug = "build/debug";

    /// <summary>All of them, the most likely first, and the current folder itself.</summary>
    public static IReadOnlyList<string> All { get; } = ["build/last", Release, Debug, "."];

    /// <summary>The kernel's ELF file of the release build, or of the debug build.</summary>
    public static string GetLoader(bool isDebug) => $"{(isDebug ? Debug : Release)}/loader.elf";
}
