namespace Osprey.Traces.Exports.Html;

/// <summary>A slice of a page's timeline.</summary>
/// <param name="Row">The number of its row.</param>
/// <param name="Time">When it began, in nanoseconds.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Name">The number of its name.</param>
internal readonly record struct PageSlice(int Row, ulong Time, ulong Duration, int Name);
