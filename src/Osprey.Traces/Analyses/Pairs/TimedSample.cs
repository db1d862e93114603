namespace Osprey.Traces.Analyses.Pairs;

/// <summary>An entry with its arguments, how long it lasted and how it ended.</summary>
/// <param name="Entry">The entry's sample.</param>
/// <param name="Nanoseconds">From entry to exit, or to the trace's last sample.</param>
/// <param name="Time">The entry's time in nanoseconds.</param>
/// <param name="Exit">The exit's sample; none while it is open, and when the caller did not ask for exits.</param>
/// <param name="IsOpen">Whether the trace ended before the exit.</param>
public readonly record struct TimedSample(
    KeptSample Entry,
    ulong Nanoseconds,
    ulong Time,
    KeptSample Exit,
    bool IsOpen
);
