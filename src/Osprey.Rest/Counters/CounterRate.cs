namespace Osprey.Rest.Counters;

/// <summary>One counter between two readings.</summary>
/// <param name="Name">The tracepoint's name.</param>
/// <param name="Count">Hits at the later reading.</param>
/// <param name="Delta">
/// Hits between the two; null when the counter was not running before, or started anew since.
/// </param>
/// <param name="PerSecond">
/// Hits a second of the guest's time; null when there is no delta or the guest's time stood still.
/// </param>
public sealed record CounterRate(string Name, long Count, long? Delta, double? PerSecond);
