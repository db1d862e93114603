namespace Osprey.Rest.Counters;

/// <summary>What starting counters did.</summary>
/// <param name="Started">Names that are counted from 0 now.</param>
/// <param name="AlreadyRunning">Names that were counted before, and go on.</param>
public sealed record CountersStarted(IReadOnlyList<string> Started, IReadOnlyList<string> AlreadyRunning);
