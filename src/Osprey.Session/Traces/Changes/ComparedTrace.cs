namespace Osprey.Session.Traces.Changes;

/// <summary>One of two traces that are compared.</summary>
/// <param name="Name">The input's name as the user knows it.</param>
/// <param name="Samples">Samples that count.</param>
/// <param name="Span">What of the time range it spans, in nanoseconds.</param>
public sealed record ComparedTrace(string Name, long Samples, ulong Span);
