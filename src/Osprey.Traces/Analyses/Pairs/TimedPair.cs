namespace Osprey.Traces.Analyses.Pairs;

/// <summary>An entry and how long it lasted.</summary>
/// <typeparam name="TEntry">What the analysis keeps of an entry.</typeparam>
/// <param name="Entry">What the analysis kept of the entry.</param>
/// <param name="Tracepoint">The entry's tracepoint.</param>
/// <param name="Time">The entry's time in nanoseconds.</param>
/// <param name="Cpu">The entry's CPU.</param>
/// <param name="Nanoseconds">From entry to exit, or to the trace's last sample.</param>
/// <param name="IsOpen">Whether the trace ended before the exit.</param>
internal readonly record struct TimedPair<TEntry>(
    TEntry Entry,
    int Tracepoint,
    ulong Time,
    uint Cpu,
    ulong Nanoseconds,
    bool IsOpen
);
