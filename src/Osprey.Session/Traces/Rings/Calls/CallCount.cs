using Osprey.Session.Answers;

namespace Osprey.Session.Traces.Rings.Calls;

/// <summary>The calls of one tracepoint.</summary>
/// <param name="Name">The tracepoint.</param>
/// <param name="Calls">The samples of it.</param>
/// <param name="Timed">Those of them whose end was seen.</param>
/// <param name="Errors">Those of them that ended with an error.</param>
/// <param name="Nanoseconds">The time that those took whose end was seen.</param>
public sealed record CallCount(string Name, long Calls, long Timed, long Errors, long Nanoseconds)
{
    /// <summary>The columns.</summary>
    public static Shape<CallCount> Shape { get; } =
        new Shape<CallCount>("tracepoints")
            .Text("tracepoint", count => count.Name)
            .Integer("calls", count => count.Calls)
            .Integer("timed", count => count.Timed)
            .Integer("errors", count => count.Errors)
            .Duration("total", count => count.Timed == 0 ? null : count.Nanoseconds)
            .Duration("average", count => count.Timed == 0 ? null : count.Nanoseconds / count.Timed);
}
