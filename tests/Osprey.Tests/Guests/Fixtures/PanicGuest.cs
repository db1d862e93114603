namespace Osprey.Tests.Guests.Fixtures;

/// <summary>The guest of <see cref="LinuxGuestVariant.Panic"/>.</summary>
public sealed class PanicGuest() : LinuxGuestFixture(LinuxGuestVariant.Panic)
{
    // The kernel writes to the serial line byte by byte, with all else standing still.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    /// <summary>Waits until the kernel has written that it panicked.</summary>
    internal void WaitForPanic()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!Guest.ReadConsole().Contains("---[ end Kernel panic", StringComparison.Ordinal))
        {
            if (clock.Elapsed > s_limit)
                throw new InvalidOperationException($"the guest does not panic\n{Guest.ReadConsole()}");

            Thread.Sleep(20);
        }
    }
}
