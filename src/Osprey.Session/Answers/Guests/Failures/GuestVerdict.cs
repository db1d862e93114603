namespace Osprey.Session.Answers.Guests.Failures;

/// <summary>The condition of a guest, the worst last.</summary>
public enum GuestVerdict
{
    /// <summary>It runs, as far as can be seen.</summary>
    Runs,

    /// <summary>QEMU keeps it still.</summary>
    Paused,

    /// <summary>Its kernel met an error of its own before, and went on.</summary>
    Oopsed,

    /// <summary>Some of its threads wait for each other in a circle.</summary>
    Deadlocked,

    /// <summary>Threads are ready, and no CPU has changed threads for a while.</summary>
    Hangs,

    /// <summary>All of its CPUs stopped for ever without a failure.</summary>
    Halted,

    /// <summary>Its kernel gave up.</summary>
    Aborted,
}
