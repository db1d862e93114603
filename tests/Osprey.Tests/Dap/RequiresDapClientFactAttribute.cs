using System.Runtime.CompilerServices;
using Osprey.Session.Packets;
using Osprey.Tests.Guests;

namespace Osprey.Tests.Dap;

/// <summary>
/// A test with npm's client of the Debug Adapter Protocol on a Linux guest; skipped, with the reason, where something
/// is missing.
/// </summary>
public sealed class RequiresDapClientFactAttribute : FactAttribute
{
    public RequiresDapClientFactAttribute()
    {
        Skip =
            new LinuxGuestFactAttribute().Skip
            ?? (
                !TcpdumpProgram.IsPresent("node") ? "not installed: node"
                : !Directory.Exists(PackageDirectory)
                    ? "npm's @vscode/debugadapter-testsupport is missing: run tests/tools/install"
                : null
            );
    }

    /// <summary>The client's folder.</summary>
    public static string PackageDirectory => GetInstalled();

    private static string GetInstalled([CallerFilePath] string source = "") =>
        Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(source)!, "../../tools/node_modules/@vscode/debugadapter-testsupport")
        );
}
