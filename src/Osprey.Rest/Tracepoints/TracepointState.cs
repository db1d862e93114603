namespace Osprey.Rest.Tracepoints;

/// <summary>
/// The state of all tracepoints of one name: a guest has one for each template instance or inlined copy.
/// </summary>
/// <param name="Name">The name that they share.</param>
/// <param name="Copies">The number of tracepoints with this name.</param>
/// <param name="EnabledCopies">The number of those that record hits.</param>
/// <param name="BacktraceCopies">The number of those that record a backtrace with each hit.</param>
public sealed record TracepointState(string Name, int Copies, int EnabledCopies, int BacktraceCopies)
{
    /// <summary>True when at least one records hits.</summary>
    public bool Enabled => EnabledCopies > 0;

    /// <summary>True when at least one records backtraces.</summary>
    public bool Backtrace => BacktraceCopies > 0;

    /// <summary>True when all are in the same state.</summary>
    public bool IsUniform =>
        (EnabledCopies == 0 || EnabledCopies == Copies) && (BacktraceCopies == 0 || BacktraceCopies == Copies);

    /// <summary>Groups tracepoints by name, ordered by name.</summary>
    internal static IReadOnlyList<TracepointState> Merge(IEnumerable<TraceEventInfo> events) =>
        [
            .. events
                .GroupBy(info => info.Name, StringComparer.Ordinal)
                .Select(copies => new TracepointState(
                    copies.Key,
                    copies.Count(),
                    copies.Count(info => info.Enabled),
                    copies.Count(info => info.Backtrace)
                ))
                .OrderBy(state => state.Name, StringComparer.Ordinal),
        ];

    internal bool Is(bool enabled, bool backtrace) => IsUniform && Enabled == enabled && Backtrace == backtrace;
}
