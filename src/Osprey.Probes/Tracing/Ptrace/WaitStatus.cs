namespace Osprey.Probes.Tracing.Ptrace;

/// <summary>What waitpid(2) says of a thread.</summary>
/// <param name="Value">The number that it gives.</param>
internal readonly record struct WaitStatus(int Value)
{
    public const int Trap = 5; // SIGTRAP
    public const int EventFork = 1;
    public const int EventVfork = 2;
    public const int EventClone = 3;
    public const int EventExec = 4;
    public const int EventStop = 128;

    /// <summary>The bit of a signal in a mask of signals.</summary>
    public static ulong BitOf(int signal) => 1UL << (signal - 1);

    /// <summary>True when the thread has stopped.</summary>
    public bool IsStopped => (Value & 0xff) == 0x7f;

    /// <summary>The signal that stopped it.</summary>
    public int Signal => (Value >> 8) & 0xff;

    /// <summary>The event of ptrace that stopped it; 0 for a signal.</summary>
    public int Event => (Value >> 16) & 0xff;

    /// <summary>True when a signal such as SIGSTOP stopped the whole process, until SIGCONT.</summary>
    public bool IsGroupStop => Event == EventStop && Signal is 19 or 20 or 21 or 22;
}
