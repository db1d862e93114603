namespace Osprey.Traces.Analyses.Calls;

/// <summary>A call of a function that was recorded at its entry and its exit.</summary>
/// <param name="Function">The function's address.</param>
/// <param name="Thread">The thread that called it.</param>
/// <param name="Time">When it began, in nanoseconds.</param>
/// <param name="Nanoseconds">How long it took, or, of an open one, to the trace's last sample.</param>
/// <param name="InnerNanoseconds">How long what it called took.</param>
/// <param name="Depth">The number of recorded calls around it.</param>
/// <param name="Tag">What the caller of <see cref="CallMatcher.Enter"/> gave it.</param>
/// <param name="IsOpen">Whether the trace ended before its exit.</param>
public readonly record struct FunctionCall(
    ulong Function,
    ulong Thread,
    ulong Time,
    ulong Nanoseconds,
    ulong InnerNanoseconds,
    int Depth,
    int Tag,
    bool IsOpen
)
{
    /// <summary>How long the function itself ran, without what it called.</summary>
    public ulong SelfNanoseconds => Nanoseconds - Math.Min(InnerNanoseconds, Nanoseconds);
}
