using Osprey.Traces.Packets;

namespace Osprey.Tests.Traces.Exports;

/// <summary>A test that asks speedscope's own importer; skipped, with the reason, where it is missing.</summary>
public sealed class RequiresSpeedscopeFactAttribute : FactAttribute
{
    public RequiresSpeedscopeFactAttribute()
    {
        if (PackageDirectory.Length == 0)
            Skip = "OSPREY_SPEEDSCOPE is not set to the directory of npm's speedscope package";
        else if (!TcpdumpProgram.IsPresent("node"))
            Skip = "not installed: node";
    }

    public static string PackageDirectory => Environment.GetEnvironmentVariable("OSPREY_SPEEDSCOPE") ?? "";
}
