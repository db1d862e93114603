namespace Osprey.Traces.Analyses.Profiles;

/// <summary>The finished tree of one group.</summary>
/// <param name="Group">The thread's address or the CPU's number; 0 when nothing is grouped.</param>
/// <param name="ThreadName">The thread's name; null when not grouped by thread.</param>
/// <param name="Root">The node <c>All</c>.</param>
public sealed record ProfileTree(ulong Group, string? ThreadName, ProfileNode Root);
