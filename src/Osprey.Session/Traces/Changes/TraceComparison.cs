using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Comparison;
using Osprey.Traces.Analyses.Summaries;

namespace Osprey.Session.Traces.Changes;

/// <summary>The differences between two traces; everything with the biggest change first.</summary>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
/// <param name="IsAbsolute">
/// Whether counts and sums are compared as they are: asked for, or since a trace spans no time.
/// </param>
/// <param name="Tracepoints">How often each was hit.</param>
/// <param name="Durations">How long the timed ones took.</param>
/// <param name="Profile">The profiles, when they were asked for.</param>
public sealed record TraceComparison(
    ComparedTrace A,
    ComparedTrace B,
    bool IsAbsolute,
    IReadOnlyList<TracepointDifference> Tracepoints,
    IReadOnlyList<DurationDifference> Durations,
    ProfileDifference? Profile
)
{
    /// <summary>
    /// Finds what grew by more than a fraction of itself: tracepoints, durations, and the profile as a whole.
    /// </summary>
    public IEnumerable<(string What, Change Change)> EnumerateGrowth(double fraction)
    {
        foreach (TracepointDifference item in Tracepoints)
        {
            if (item.Compared.GrewBy(fraction))
                yield return ($"samples of {item.Name}", item.Compared);
        }

        foreach (DurationDifference item in Durations)
        {
            if (item.Median.GrewBy(fraction))
                yield return ($"50% of {item.Name}", item.Median);

            if (item.Percentile99.GrewBy(fraction))
                yield return ($"99% of {item.Name}", item.Percentile99);

            if (item.Total.GrewBy(fraction))
                yield return ($"total of {item.Name}", item.Total);
        }

        if (Profile is not null && Profile.ChangeOf(Profile.Root).GrewBy(fraction))
            yield return ("profile", Profile.ChangeOf(Profile.Root));
    }

    /// <summary>Reads two traces and compares them.</summary>
    /// <param name="a">The first; not read from yet.</param>
    /// <param name="b">The second; not read from yet.</param>
    /// <param name="request">What is compared, and how.</param>
    /// <param name="report">Told what the user should know of symbols.</param>
    public static TraceComparison Run(TraceSession a, TraceSession b, ComparisonRequest request, Action<string> report)
    {
        TraceMeasurement ofA = Measure(a, request);
        TraceMeasurement ofB = Measure(b, request);
        bool isAbsolute = request.IsAbsolute || ofA.Span == 0 || ofB.Span == 0;
        double scaleA = isAbsolute ? 1 : 1e9 / ofA.Span;
        double scaleB = isAbsolute ? 1 : 1e9 / ofB.Span;
        ProfileDifference? profile = null;
        if (request.Profile is ComparedProfile compared)
        {
            using SymbolSession symbolsA = SymbolSession.Open(request.SymbolsA, a);
            using SymbolSession symbolsB = SymbolSession.Open(request.SymbolsB, b);
            profile = ProfileDifference.Build(
                (ofA.Profile!, new StackSymbols(symbolsA.Source, request.FrameText, a.Reader.Semantics), scaleA),
                (ofB.Profile!, new StackSymbols(symbolsB.Source, request.FrameText, b.Reader.Semantics), scaleB),
                compared.UsesTime,
                request.Tree
            );
            foreach (string note in symbolsA.Notes.Concat(symbolsB.Notes).Distinct())
                report(note);
        }

        return new TraceComparison(
            new ComparedTrace(a.Reader.Name, ofA.Summary.Count, ofA.Span),
            new ComparedTrace(b.Reader.Name, ofB.Summary.Count, ofB.Span),
            isAbsolute,
            CompareCounts(ofA.Summary, ofB.Summary, scaleA, scaleB, request.MinCount),
            CompareDurations(ofA.Summary, ofB.Summary, scaleA, scaleB, request.MinCount),
            profile
        );
    }

    private static TraceMeasurement Measure(TraceSession trace, ComparisonRequest request)
    {
        // Answers of a filter go by a trace's own tracepoints: each trace needs a filter of its own.
        AnalysisScope scope = trace.CreateScope(request.Range, request.Filter.Copy());
        var measurement = new TraceMeasurement(scope, request.IsRelative, request.Profile);
        trace.Run([measurement]);
        return measurement;
    }

    private static TracepointDifference[] CompareCounts(
        SummaryAnalysis a,
        SummaryAnalysis b,
        double scaleA,
        double scaleB,
        long minCount
    )
    {
        Dictionary<string, long> countsA = CountByName(a);
        Dictionary<string, long> countsB = CountByName(b);
        return
        [
            .. from name in countsA.Keys.Union(countsB.Keys)
            let countA = countsA.GetValueOrDefault(name)
            let countB = countsB.GetValueOrDefault(name)
            where Math.Max(countA, countB) >= minCount
            select new TracepointDifference(
                name,
                countA,
                countB,
                new Change(countA * scaleA, countB * scaleB)
            ) into item
            orderby Math.Abs(item.Compared.Delta) descending, item.Name
            select item,
        ];
    }

    private static DurationDifference[] CompareDurations(
        SummaryAnalysis a,
        SummaryAnalysis b,
        double scaleA,
        double scaleB,
        long minCount
    )
    {
        var durationsA = a.Durations.ToDictionary(item => item.Name);
        var durationsB = b.Durations.ToDictionary(item => item.Name);
        return
        [
            .. from name in durationsA.Keys.Union(durationsB.Keys)
            let ofA = durationsA.GetValueOrDefault(name)
            let ofB = durationsB.GetValueOrDefault(name)
            where Math.Max(ofA?.Count ?? 0, ofB?.Count ?? 0) >= minCount
            select new DurationDifference(
                name,
                ofA,
                ofB,
                new Change((ofA?.Total ?? 0) * scaleA, (ofB?.Total ?? 0) * scaleB)
            ) into item
            orderby Math.Abs(item.Total.Delta) descending, item.Name
            select item,
        ];
    }

    private static Dictionary<string, long> CountByName(SummaryAnalysis summary) =>
        summary
            .Tracepoints.GroupBy(item => item.Tracepoint.Name)
            .ToDictionary(named => named.Key, named => named.Sum(item => item.Count));
}
