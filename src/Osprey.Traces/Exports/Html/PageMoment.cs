namespace Osprey.Traces.Exports.Html;

/// <summary>A moment of a page's timeline.</summary>
/// <param name="Row">The number of its row.</param>
/// <param name="Time">When it was, in nanoseconds.</param>
/// <param name="Name">The number of its name.</param>
internal readonly record struct PageMoment(int Row, ulong Time, int Name);
