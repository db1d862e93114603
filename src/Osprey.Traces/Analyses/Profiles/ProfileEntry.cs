namespace Osprey.Traces.Analyses.Profiles;

/// <summary>All samples of one group that share a backtrace.</summary>
/// <param name="Stack">Number of the backtrace in the profile's <see cref="StackTable"/>.</param>
/// <param name="Hits">How many samples.</param>
/// <param name="Duration">How long they lasted together.</param>
/// <param name="Order">Its place among all entries of the profile by first sample.</param>
/// <param name="Tracepoint">
/// Index of their tracepoint; -1 when the profile does not keep tracepoints apart.
/// </param>
/// <param name="ThreadName">The thread's name field in the last of the samples.</param>
/// <param name="LastHit">The place of the last of the samples among all samples of the profile.</param>
public readonly record struct ProfileEntry(
    int Stack,
    long Hits,
    Duration Duration,
    int Order,
    int Tracepoint = -1,
    UInt128 ThreadName = default,
    long LastHit = 0
);
