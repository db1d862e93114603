namespace Osprey.Traces.Exports.Html;

/// <summary>One of the slowest calls of a trace.</summary>
/// <param name="Name">The tracepoint.</param>
/// <param name="Thread">The thread's name and number.</param>
/// <param name="Time">When it began, in nanoseconds.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Arguments">The arguments in words.</param>
/// <param name="Result">What it ended with; empty when it was still open.</param>
/// <param name="Stack">The number of its stack; -1 for none.</param>
/// <param name="IsOpen">Whether the trace ended before it did.</param>
internal sealed record SlowCall(
    string Name,
    string Thread,
    ulong Time,
    ulong Duration,
    string Arguments,
    string Result,
    int Stack,
    bool IsOpen
);
