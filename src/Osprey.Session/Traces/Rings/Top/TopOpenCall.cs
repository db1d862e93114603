using Osprey.Session.Answers;

namespace Osprey.Session.Traces.Rings.Top;

/// <summary>A call that has begun and not ended.</summary>
/// <param name="Time">Its begin, in nanoseconds since the guest's boot.</param>
/// <param name="Tracepoint">The tracepoint at its begin.</param>
/// <param name="Arguments">The arguments in words.</param>
public sealed record TopOpenCall(ulong Time, string Tracepoint, string Arguments)
{
    /// <summary>The columns.</summary>
    public static Shape<TopOpenCall> Shape { get; } =
        new Shape<TopOpenCall>("calls")
            .Time("time", call => call.Time)
            .Text("tracepoint", call => call.Tracepoint)
            .Text("arguments", call => call.Arguments);
}
