using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Osprey.Tests.Symbols.Oracle;

/// <summary>Finds and runs programs of this machine that tests compare with.</summary>
internal static class Tools
{
    /// <summary>The folder with the sources that tests compile.</summary>
    public static string Programs { get; } = Path.Combine(GetFolder(), "Programs");

    /// <summary>Returns the reason why a test can't run; null when it can.</summary>
    public static string? DescribeMissing(params ReadOnlySpan<string> tools)
    {
        var missing = new List<string>();
        foreach (string tool in tools)
        {
            if (Find(tool) is null)
                missing.Add(tool);
        }

        return missing.Count == 0 ? null : $"needs {string.Join(", ", missing)}";
    }

    /// <summary>Runs a program to its end; it must succeed.</summary>
    public static string Run(string tool, IEnumerable<string> arguments, string input = "", string? folder = null)
    {
        var start = new ProcessStartInfo(Find(tool) ?? tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? "",
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment.Remove("DEBUGINFOD_URLS");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', start.ArgumentList)}\n{errors.Result}");
        return output.Result;
    }

    private static string? Find(string tool)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            if (File.Exists(Path.Combine(folder, tool)))
                return Path.Combine(folder, tool);
        }

        return null;
    }

    private static string GetFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
