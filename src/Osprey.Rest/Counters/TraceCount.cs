namespace Osprey.Rest.Counters;

/// <summary>The hits of one tracepoint since its counter started.</summary>
/// <param name="Name">The tracepoint's name.</param>
/// <param name="Count">The hits on all CPUs together.</param>
public sealed record TraceCount(string Name, long Count);
