namespace Osprey.Rest.Tracepoints;

/// <summary>All tracepoints of one name: a guest has one for each template instance or inlined copy.</summary>
/// <param name="Name">The name that they share.</param>
/// <param name="Copies">How many there are.</param>
/// <param name="EnabledCopies">How many of them record hits.</param>
/// <param name="BacktraceCopies">How many of them record backtraces when they record hits.</param>
public sealed record TracepointState(string Name, int Copies, int EnabledCopies, int BacktraceCopies)
{
    /// <summary>Whether any of them records hits.</summary>
    public bool Enabled => EnabledCopies > 0;

    /// <summary>Whether any of them records backtraces.</summary>
    public bool Backtrace => BacktraceCopies > 0;

    /// <summary>Whether all of them are in one state.</summary>
    public bool IsUniform =>
        (EnabledCopies == 0 || EnabledCopies == Copies) && (BacktraceCopies == 0 || BacktraceCopies == Copies);

    /// <summary>Puts tracepoints of one name together, names in order.</summary>
    public static IReadOnlyList<TracepointState> Merge(IEnumerable<TraceEventInfo> events) =>
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
