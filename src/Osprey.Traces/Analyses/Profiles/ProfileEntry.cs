namespace Osprey.Traces.Analyses.Profiles;

/// <summary>All samples of one group that share a backtrace.</summary>
/// <param name="Stack">Number of the backtrace in the profile's <see cref="StackTable"/>.</param>
/// <param name="Hits">How many samples.</param>
/// <param name="Duration">How long they lasted together.</param>
/// <param name="Order">Its place among all entries of the profile by first sample.</param>
public readonly record struct ProfileEntry(int Stack, long Hits, Duration Duration, int Order);
