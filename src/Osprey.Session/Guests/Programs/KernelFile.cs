using Osprey.Guests;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Session.Guests.Programs;

/// <summary>Where the ELF file of a guest's kernel may be, when nobody says.</summary>
internal static class KernelFile
{
    private static readonly string[] s_osvFolders = ["build/last", "build/release", "build/debug", "."];

    /// <summary>Files that exist and may be it, the most likely first, each with how it was come by.</summary>
    public static IEnumerable<(string Path, string Origin)> FindCandidates(GuestTarget target, GuestIdentity identity)
    {
        var seen = new HashSet<string>();
        foreach (
            (string path, string origin) in identity.Kind switch
            {
                GuestKind.Osv => ListOsv(target),
                GuestKind.Linux => ListLinux(target, identity.Version),
                _ => ListBooted(target),
            }
        )
        {
            if (File.Exists(path) && seen.Add(Path.GetFullPath(path)))
                yield return (path, origin);
        }
    }

    /// <summary>OSv boots a stripped file; the one with debug info is its neighbour in the build's folder.</summary>
    private static IEnumerable<(string Path, string Origin)> ListOsv(GuestTarget target)
    {
        foreach ((string path, string _) in ListBooted(target))
        {
            string folder = Path.GetDirectoryName(path) ?? "/";
            yield return (Path.Combine(folder, "loader.elf"), "beside QEMU's -kernel");
            yield return (path, "QEMU's -kernel");
        }

        foreach (string folder in s_osvFolders)
            yield return (Path.Combine(folder, "loader.elf"), "found from the current folder");
    }

    private static IEnumerable<(string Path, string Origin)> ListLinux(GuestTarget target, string version)
    {
        yield return ($"/usr/lib/debug/boot/vmlinux-{version}", "installed debug package");
        yield return ($"/usr/lib/debug/lib/modules/{version}/vmlinux", "installed debug package");
        yield return ($"/lib/modules/{version}/build/vmlinux", "build folder of the installed kernel");
        yield return ($"/boot/vmlinux-{version}", "installed kernel");
        yield return ("vmlinux", "found in the current folder");
        foreach ((string Path, string Origin) booted in ListBooted(target))
            yield return (
                System.IO.Path.Combine(System.IO.Path.GetDirectoryName(booted.Path) ?? "/", "vmlinux"),
                "beside QEMU's -kernel"
            );
    }

    private static IEnumerable<(string Path, string Origin)> ListBooted(GuestTarget target)
    {
        QemuProcess? found = target switch
        {
            QemuTarget qemu => qemu.Process,
            GdbTarget { Endpoint: { } stub } => StubOwner.Find(stub, QemuProcess.FindAll()),
            _ => null,
        };
        if (found is { CommandLine.Kernel: { } kernel } process)
            yield return (process.ResolvePath(kernel), "QEMU's -kernel");
    }
}
