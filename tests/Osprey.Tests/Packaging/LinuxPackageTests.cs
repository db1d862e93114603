using System.Diagnostics;
using System.Text.RegularExpressions;
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
        Assert.Equal(
            ["osprey-.tar.gz", "osprey-sql-.tar.gz", "osprey_.deb", "osprey-sql_.deb"],
            files.Select(WithoutVersion)
        );

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
        Run("tar", "-C", _folder, "-xzf", files[1]);
        Assert.Equal("vfs_open", Ask(Path.Combine(unpacked, "osprey")));

        string root = Path.Combine(_folder, "root");
        Run("dpkg-deb", "-x", files[2], root);
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
        Run("dpkg-deb", "-x", files[3], root);
        Assert.Equal("vfs_open", Ask(Path.Combine(root, paths[0])));
        Assert.Equal("osprey\n", Run("dpkg-deb", "-f", files[2], "Package"));
        Assert.Equal("osprey-sql\n", Run("dpkg-deb", "-f", files[3], "Package"));
        if (Tools.DescribeMissing("lintian") is null)
            Assert.DoesNotContain("E: ", Run("lintian", "--allow-root", "--fail-on", "none", files[2], files[3]));
    }

    /// <summary>A package's name and form, without its version and the processor's.</summary>
    private static string WithoutVersion(string path) =>
        Regex.Replace(Path.GetFileName(path), @"(?<=[-_])(linux-[a-z0-9]+|\d[^_]*_[a-z0-9]+)(?=\.)", "");

    /// <summary>The answer to a question in SQL.</summary>
    private static string Ask(string program) =>
        Run(
                program,
                "trace",
                "query",
                "--csv",
                "SELECT DISTINCT tracepoint FROM samples WHERE tracepoint = 'vfs_open'",
                Path.Combine(Checkout.Root, "samples", "fs", "tracefile")
            )
            .Split('\n')[1];

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
