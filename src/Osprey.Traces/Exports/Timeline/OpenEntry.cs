using Osprey.Traces.Analyses.Pairs;

namespace Osprey.Traces.Exports.Timeline;

/// <summary>An entry that waits for its exit.</summary>
/// <param name="Sample">The entry without its backtrace.</param>
/// <param name="Stack">The number of its backtrace.</param>
/// <param name="Track">Where it is shown.</param>
internal sealed record OpenEntry(KeptSample Sample, int Stack, TimelineTrack Track);
