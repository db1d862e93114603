using System.Diagnostics;

namespace Osprey.Tests.Cli.Cut;

/// <summary>A test against OSv's own trace.py, whose path OSPREY_REFERENCE_TRACE gives; skipped without it.</summary>
internal sealed class ReferenceTraceFactAttribute : FactAttribute
{
    private static readonly string? s_script = Environment.GetEnvironmentVariable("OSPREY_REFERENCE_TRACE");

    public ReferenceTraceFactAttribute()
    {
        if (string.IsNullOrEmpty(s_script))
            Skip = "OSPREY_REFERENCE_TRACE is not set";
    }

    /// <summary>What the script prints.</summary>
    public static string Run(string folder, params ReadOnlySpan<string> args)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.ArgumentList.Add(s_script!);
        foreach (string arg in args)
            start.ArgumentList.Add(arg);

        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text;
    }
}
