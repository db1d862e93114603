using System.Diagnostics;
using System.Globalization;

namespace Osprey.TracepointBenchmark;

/// <summary>The C program of bench/tracepoints, which is traced by LTTng.</summary>
internal static class LttngRun
{
    /// <summary>Runs it.</summary>
    /// <returns>The nanoseconds of an event; null when OSPREY_LTTNG_BENCH does not name the program.</returns>
    public static double? Measure(int threads, int count)
    {
        if (Environment.GetEnvironmentVariable("OSPREY_LTTNG_BENCH") is not { Length: > 0 } program)
            return null;

        string arguments = string.Create(CultureInfo.InvariantCulture, $"{threads} {count}");
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.TryParse(text, CultureInfo.InvariantCulture, out double nanoseconds) ? nanoseconds : null;
    }
}
