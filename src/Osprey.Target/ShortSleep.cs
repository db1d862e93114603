using System.Runtime.InteropServices;

namespace Osprey.Target;

/// <summary>Sleeps of less than a millisecond, for whoever looks at memory again and again (usleep(3)).</summary>
public static partial class ShortSleep
{
    /// <summary>Gives the processor to others for about this time, or a little longer.</summary>
    /// <param name="microseconds">The time, less than a second.</param>
    public static void For(int microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(microseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(microseconds, 1_000_000);
        _ = Sleep((uint)microseconds); // a signal ends it early, which does no harm
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}
