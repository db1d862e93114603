namespace Osprey.Tracing.Rings;

/// <summary>When and where something happened that is recorded a little later.</summary>
internal readonly ref struct LateMoment
{
    public LateMoment() { }

    /// <summary>The operating system's number of the thread.</summary>
    public ulong Thread { get; init; }

    /// <summary>The first half of the thread's name; 0 when it is not known.</summary>
    public ulong NameStart { get; init; }

    /// <summary>The second half.</summary>
    public ulong NameEnd { get; init; }

    /// <summary>The time in nanoseconds, by the monotonic clock.</summary>
    public long Time { get; init; }

    /// <summary>The CPU; -1 when it is not known.</summary>
    public int Cpu { get; init; } = -1;

    /// <summary>The return addresses, innermost first; empty for a record without backtrace.</summary>
    public ReadOnlySpan<ulong> Backtrace { get; init; }
}
