using Osprey.Session.Traces.Changes;
using Osprey.Traces.Analyses.Comparison;

namespace Osprey.Session.Answers.Traces.Summaries;

/// <summary>The answer to: what differs between two traces?</summary>
/// <param name="Comparison">The differences.</param>
/// <param name="Limit">The rows of each table, and the nodes of the profile, that are shown; 0 for all.</param>
/// <param name="FailOver">The growth that is too much, as a fraction; null when any is fine.</param>
public sealed record ComparisonAnswer(TraceComparison Comparison, int Limit, double? FailOver)
{
    private static readonly Shape<ComparedTrace> s_trace = new Shape<ComparedTrace>("traces")
        .Text("name", trace => trace.Name)
        .Integer("samples", trace => trace.Samples)
        .Duration("span", trace => trace.Span);

    private static readonly Shape<TracepointDifference> s_tracepoint = new Shape<TracepointDifference>("tracepoints")
        .Text("name", item => item.Name)
        .Integer("countA", item => item.CountA)
        .Integer("countB", item => item.CountB)
        .Include(item => item.Compared, ChangeShape.Shape);

    private static readonly Shape<DurationDifference> s_duration = new Shape<DurationDifference>("timed")
        .Text("name", item => item.Name)
        .Integer("countA", item => item.A?.Count ?? 0)
        .Integer("countB", item => item.B?.Count ?? 0)
        .Record("p50", item => item.Median, ChangeShape.Shape)
        .Record("p99", item => item.Percentile99, ChangeShape.Shape)
        .Record("total", item => item.Total, ChangeShape.Shape);

    private static readonly Shape<ProfileDifferenceRow> s_profile = new Shape<ProfileDifferenceRow>("profiles")
        .Text("unit", row => row.Profile.UsesTime ? "ns" : "hits")
        .Record("root", row => row, ProfileDifferenceRow.Shape);

    private static readonly Shape<(string What, Change Change)> s_grown = new Shape<(string What, Change Change)>(
        "grown"
    )
        .Text("what", item => item.What)
        .Include(item => item.Change, ChangeShape.Shape);

    /// <summary>The columns.</summary>
    public static Shape<ComparisonAnswer> Shape { get; } =
        new Shape<ComparisonAnswer>("comparisons")
            .Record("a", answer => answer.Comparison.A, s_trace)
            .Record("b", answer => answer.Comparison.B, s_trace)
            .Boolean("absolute", answer => answer.Comparison.IsAbsolute)
            .Records("tracepoints", answer => answer.Take(answer.Comparison.Tracepoints), () => s_tracepoint)
            .Records("timed", answer => answer.Take(answer.Comparison.Durations), () => s_duration)
            .Record("profile", answer => answer.CreateRoot(), s_profile)
            .Optional()
            .Records(
                "grown",
                answer => answer.FailOver is double fraction ? answer.Comparison.EnumerateGrowth(fraction) : null,
                () => s_grown
            )
            .Optional();

    /// <summary>Returns as many of a table's rows as are shown.</summary>
    public IEnumerable<T> Take<T>(IReadOnlyList<T> rows) => Limit == 0 ? rows : rows.Take(Limit);

    /// <summary>Returns the root of the compared profiles; null when none were asked for.</summary>
    public ProfileDifferenceRow? CreateRoot() =>
        Comparison.Profile is ProfileDifference profile
            ? new ProfileDifferenceRow(profile, profile.Root, profile.FindBiggest(Limit))
            : null;
}
