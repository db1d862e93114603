using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests;

/// <summary>
/// What the Linux guest is booted from: Debian's kernel, and an init made of <c>tests/linux-guest</c>.
/// </summary>
internal static class LinuxGuestImage
{
    private const string ModulesName = "modules";
    private const string DiskName = "disk";
    private const string NetworkName = "network";

    private static readonly string s_root = Path.GetFullPath(Path.Combine(GetFolder(), "../../.."));
    private static readonly Lazy<string> s_init = new(() => BuildInit(""));

    /// <summary>
    /// The kernel as it is booted; <c>tests/linux-guest/install</c> gets it. That of another release of Debian where
    /// the environment names one.
    /// </summary>
    public static string Kernel { get; } =
        Path.Combine(
            s_root,
            "artifacts/linux-guest",
            Environment.GetEnvironmentVariable("OSPREY_LINUX_GUEST") ?? "",
            "vmlinuz"
        );

    /// <summary>Some modules of the kernel, which the init of that name loads; none where there are none.</summary>
    public static IReadOnlyList<string> ListModules() => ListModules(ModulesName);

    /// <summary>The modules that the kernel needs for a disk; none where there are none.</summary>
    public static IReadOnlyList<string> ListDiskModules() => ListModules("disk-modules");

    /// <summary>The modules that the kernel needs for a network card; none where there are none.</summary>
    public static IReadOnlyList<string> ListNetworkModules() => ListModules("network-modules");

    private static IReadOnlyList<string> ListModules(string name)
    {
        string folder = Path.Combine(Path.GetDirectoryName(Kernel)!, name);
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.ko").Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>The guest's only program, with its debug info. Compiled at the first call.</summary>
    public static string Init => s_init.Value;

    /// <summary>The kernel's first file system, with init and nothing else. Written at the first call.</summary>
    /// <param name="name">
    /// The folder of its sources below <c>tests/linux-guest</c>; empty for <see cref="Init"/>.
    /// </param>
    public static string GetInitramfs(string name)
    {
        string init = name.Length == 0 ? Init : BuildInit(name);
        string path = init + ".cpio";
        if (!File.Exists(path))
        {
            NewcArchive archive = new NewcArchive()
                .AddDirectory("dev")
                .AddDevice("dev/console", 5, 1)
                .AddProgram("init", File.ReadAllBytes(init));
            if (name is ModulesName or DiskName or NetworkName)
            {
                archive.AddDirectory("modules");
                IReadOnlyList<string> modules = name switch
                {
                    DiskName => ListDiskModules(),
                    NetworkName => ListNetworkModules(),
                    _ => ListModules(),
                };
                foreach (string module in modules)
                    archive.AddProgram($"modules/{Path.GetFileName(module)}", File.ReadAllBytes(module));
            }

            Publish(path, archive.ToArray());
        }

        return path;
    }

    /// <summary>Why no guest can be booted here, or null when one can.</summary>
    public static string? DescribeMissing(params ReadOnlySpan<string> tools) =>
        !OperatingSystem.IsLinux() || RuntimeArchitecture() != System.Runtime.InteropServices.Architecture.X64
            ? "needs Linux on x86-64"
            : Tools.DescribeMissing(["qemu-system-x86_64", "gcc", .. tools])
                ?? (File.Exists(Kernel) ? null : "the guest's kernel is missing: run tests/linux-guest/install");

    // Named by what it is made of, so that it is compiled once, and again when a source changes.
    private static string BuildInit(string name)
    {
        string sources = Path.Combine(s_root, "tests/linux-guest", name);
        string[] files =
        [
            .. Directory
                .GetFiles(sources)
                .Where(file => Path.GetExtension(file) is ".c" or ".h")
                .Order(StringComparer.Ordinal),
        ];
        string[] options =
        [
            "-static",
            "-O1",
            "-g",
            "-fno-pie",
            "-no-pie",
            "-pthread",
            "-std=gnu11",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-Wl,--build-id",
        ];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(
            System.Text.Encoding.UTF8.GetBytes(Tools.Run("gcc", ["--version"]) + string.Join(' ', options))
        );
        foreach (string file in files)
            hash.AppendData(File.ReadAllBytes(file));

        string path = Path.Combine(
            Path.GetDirectoryName(Kernel)!,
            $"init-{Convert.ToHexStringLower(hash.GetHashAndReset()[..8])}"
        );
        if (File.Exists(path))
            return path;

        string part = $"{path}.{Environment.ProcessId}";
        Tools.Run("gcc", [.. options, "-o", part, .. files.Where(file => Path.GetExtension(file) == ".c")]);
        File.Move(part, path, true);
        return path;
    }

    // Another test run may be at it too: a file is there whole or not at all.
    private static void Publish(string path, byte[] contents)
    {
        string part = $"{path}.{Environment.ProcessId}";
        File.WriteAllBytes(part, contents);
        File.Move(part, path, true);
    }

    private static System.Runtime.InteropServices.Architecture RuntimeArchitecture() =>
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture;

    private static string GetFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
