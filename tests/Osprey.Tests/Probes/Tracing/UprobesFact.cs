namespace Osprey.Tests.Probes.Tracing;

/// <summary>Tells whether the kernel's uprobes can be tried on this machine.</summary>
internal static class UprobesFact
{
    /// <summary>True where events of uprobes may be defined.</summary>
    public static bool AreAllowed { get; } = CanOpen("/sys/kernel/tracing/uprobe_events");

    private static bool CanOpen(string path)
    {
        try
        {
            using FileStream stream = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
