using System.Diagnostics;
using Osprey.Tests.Recordings;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Packaging;

/// <summary>Makes the packages for Linux, unpacks them, and starts the program in them.</summary>
public sealed class LinuxPackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-packages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolFact("gcc", "dpkg-deb", "tar", "gzip")]
    [Trait("Category", "Slow")]
    public void Packages_Unpacked_HaveAProgramThatRuns()
    {
        string[] files = Run(Path.Combine(Checkout.Root, "packaging", "linux"), _folder).TrimEnd('\n').Split('\n');
        Assert.Equal(["tar.gz", "deb"], files.Select(file => file.EndsWith(".deb") ? "deb" : "tar.gz"));

        Run("tar", "-C", _folder, "-xzf", files[0]);
        string unpacked = Directory.GetDirectories(_folder).Single();
        Assert.Equal(
            ["LICENSE", "README.md", "completions", "man", "osprey"],
            Directory
                .GetFileSystemEntries(unpacked)
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
        );
        Assert.True(File.Exists(Path.Combine(unpacked, "man", "osprey-trace-list.1")));
        Assert.Equal("osprey", Summary(Path.Combine(unpacked, "osprey")));

        string root = Path.Combine(_folder, "root");
        Run("dpkg-deb", "-x", files[1], root);
        string[] paths =
        [
            "usr/bin/osprey",
            "usr/share/bash-completion/completions/osprey",
            "usr/share/doc/osprey/copyright",
            "usr/share/fish/vendor_completions.d/osprey.fish",
            "usr/share/man/man1/osprey.1.gz",
            "usr/share/zsh/vendor-completions/_osprey",
        ];
        Assert.All(paths, path => Assert.True(File.Exists(Path.Combine(root, path)), path));
        Assert.Equal("osprey", Summary(Path.Combine(root, paths[0])));
        Assert.Equal("osprey\n", Run("dpkg-deb", "-f", files[1], "Package"));
        if (Tools.DescribeMissing("lintian") is null)
            Assert.DoesNotContain("E: ", Run("lintian", "--allow-root", "--fail-on", "none", files[1]));
    }

    /// <summary>Runs a command that reads a trace; gives the first word of its help.</summary>
    private static string Summary(string program)
    {
        string summary = Run(program, "trace", "summary", Path.Combine(Checkout.Root, "samples", "fs", "tracefile"));
        Assert.Contains("vfs_open", summary, StringComparison.Ordinal);
        return Run(program, "help").Split('\n')[1].Trim().Split(' ')[0];
    }

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.GetAwaiter().GetResult()}");
        return output;
    }
}
