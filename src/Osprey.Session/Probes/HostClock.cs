namespace Osprey.Session.Probes;

/// <summary>The clock that hits on this host are timed by.</summary>
internal static class HostClock
{
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
