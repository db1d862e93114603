namespace Osprey.Rest.Counters;

/// <summary>The result of starting counters.</summary>
/// <param name="Started">The names whose counters started at 0.</param>
/// <param name="AlreadyRunning">The names whose counters ran already and go on.</param>
public sealed record CountersStarted(IReadOnlyList<string> Started, IReadOnlyList<string> AlreadyRunning);
