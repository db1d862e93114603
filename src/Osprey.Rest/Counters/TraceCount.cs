namespace Osprey.Rest.Counters;

/// <summary>Hits of one tracepoint since its counter was started.</summary>
/// <param name="Name">The tracepoint's name.</param>
/// <param name="Count">Hits on all CPUs.</param>
public sealed record TraceCount(string Name, long Count);
