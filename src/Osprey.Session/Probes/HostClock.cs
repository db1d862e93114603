using System.Diagnostics;

namespace Osprey.Session.Probes;

/// <summary>The clock that hits of probes on this host are timed by: its monotonic one.</summary>
internal static class HostClock
{
    private const long NanosecondsPerSecond = 1_000_000_000; // the frequency, on Linux

    /// <summary>Its reading, in nanoseconds.</summary>
    public static long Now => Stopwatch.GetTimestamp() * (NanosecondsPerSecond / Stopwatch.Frequency);

    /// <summary>Its name, which no other host has, nor this one after its next boot.</summary>
    public static string Name
    {
        get
        {
            try
            {
                return "CLOCK_MONOTONIC of boot " + File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return "";
            }
        }
    }
}
