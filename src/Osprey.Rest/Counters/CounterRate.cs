namespace Osprey.Rest.Counters;

/// <summary>The change of one counter between two readings.</summary>
/// <param name="Name">The tracepoint's name.</param>
/// <param name="Count">The hits at the later reading.</param>
/// <param name="Delta">
/// The hits between the two readings; null when the counter did not run at the earlier one, or was restarted since.
/// </param>
/// <param name="PerSecond">
/// The hits per second of the guest's time; null when there is no delta, or no guest time passed.
/// </param>
public sealed record CounterRate(string Name, long Count, long? Delta, double? PerSecond);
