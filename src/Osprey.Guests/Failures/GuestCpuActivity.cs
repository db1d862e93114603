namespace Osprey.Guests.Failures;

/// <summary>The activities of a CPU that matter when a guest failed, or seems to hang.</summary>
public enum GuestCpuActivity
{
    /// <summary>It runs a thread.</summary>
    Runs,

    /// <summary>It has nothing to do.</summary>
    Idles,

    /// <summary>It made the kernel give up.</summary>
    Fails,

    /// <summary>It wanted the kernel to give up when that was under way already, and waits for ever.</summary>
    FailsToo,

    /// <summary>Another CPU stopped it for ever.</summary>
    IsStopped,

    /// <summary>It stopped for ever by itself, without a failure.</summary>
    Halts,

    /// <summary>The kernel did not start it, or only just: it is in real mode.</summary>
    IsNotStarted,
}
