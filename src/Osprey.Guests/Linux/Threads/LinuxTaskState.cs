using System.Numerics;

namespace Osprey.Guests.Linux.Threads;

/// <summary>The state of a Linux task, as <c>/proc/PID/stat</c> tells it.</summary>
/// <param name="Letter">The letter: R, S, D, T, t, X, Z, P or I.</param>
/// <param name="Word">The same as a word.</param>
internal readonly record struct LinuxTaskState(char Letter, string Word)
{
    // include/linux/sched.h, as it is since 4.14.
    private const uint Uninterruptible = 0x2; // TASK_UNINTERRUPTIBLE
    private const uint Reported = 0x7f; // TASK_REPORT
    private const uint ReportedIdle = 0x80; // TASK_REPORT_IDLE
    private const uint Idle = 0x402; // TASK_IDLE
    private const uint WaitsForLock = 0x1000; // TASK_RTLOCK_WAIT
    private const uint Frozen = 0x8000; // TASK_FROZEN

    private static readonly LinuxTaskState[] s_states =
    [
        new('R', "runnable"),
        new('S', "sleeping"),
        new('D', "uninterruptible"),
        new('T', "stopped"),
        new('t', "traced"),
        new('X', "dead"),
        new('Z', "zombie"),
        new('P', "parked"),
        new('I', "idle"),
    ];

    /// <summary>True when something else must happen before it can run.</summary>
    public bool IsWaiting => Letter is 'S' or 'D' or 'I' or 'P';

    /// <summary>True when it has ended and will not run again.</summary>
    public bool IsDead => Letter is 'X' or 'Z';

    /// <summary>Finds the state by <c>__state</c> and <c>exit_state</c>.</summary>
    public static LinuxTaskState Of(ulong state, ulong exitState)
    {
        uint own = unchecked((uint)state);
        uint reported = (own | unchecked((uint)exitState)) & Reported;
        if ((own & Idle) == Idle)
            reported = ReportedIdle;

        if ((own & (WaitsForLock | Frozen)) != 0)
            reported = Uninterruptible;

        return s_states[reported == 0 ? 0 : BitOperations.Log2(reported) + 1];
    }
}
