using System.Runtime.CompilerServices;
using Osprey.Session.Packets;

namespace Osprey.Tests.Traces.Exports;

/// <summary>A test that asks speedscope's own importer; skipped, with the reason, where it is missing.</summary>
public sealed class RequiresSpeedscopeFactAttribute : FactAttribute
{
    private const string Variable = "OSPREY_SPEEDSCOPE";

    public RequiresSpeedscopeFactAttribute()
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        if (!TcpdumpProgram.IsPresent("node"))
            Skip = "not installed: node";
        else if (!Directory.Exists(PackageDirectory))
            Skip = string.IsNullOrEmpty(given)
                ? "speedscope is missing: run tests/tools/install"
                : $"{Variable}: there is no {given}";
    }

    /// <summary>
    /// The directory of npm's speedscope package: what the environment says, or what <c>tests/tools/install</c> made.
    /// </summary>
    public static string PackageDirectory =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : Installed();

    private static string Installed([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../../tools/node_modules/speedscope"));
}
