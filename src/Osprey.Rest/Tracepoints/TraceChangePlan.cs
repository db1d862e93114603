namespace Osprey.Rest.Tracepoints;

/// <summary>The requests that bring the chosen tracepoints, and no others, into a state.</summary>
/// <remarks>
/// A request sets both flags of all that it matches, so tracepoints whose backtrace flags are to stay different need
/// requests of their own. Requests by id reach only the first tracepoint of a name; by <c>match</c> all of them.
/// </remarks>
internal sealed class TraceChangePlan
{
    private readonly List<Step> _steps = [];
    private readonly bool _enabled;
    private readonly bool? _backtrace;

    public TraceChangePlan(
        TracepointSelection selection,
        IReadOnlyList<TracepointState> chosen,
        bool enabled,
        bool? backtrace
    )
    {
        _enabled = enabled;
        _backtrace = backtrace;
        HashSet<string> planned = new(StringComparer.Ordinal);
        foreach (TracepointPattern pattern in selection.Patterns)
        {
            List<TracepointState> hits = [.. chosen.Where(state => pattern.Matches(state.Name))];
            if (hits.All(state => planned.Contains(state.Name) || IsDone(state)))
                continue;

            bool alike = hits.All(state => Backtrace(state) == Backtrace(hits[0]));
            if (alike && pattern.GuestMatch is { } match)
                _steps.Add(new Step(match, null, Backtrace(hits[0])));
            else
                _steps.AddRange(hits.Where(state => !IsDone(state) && !planned.Contains(state.Name)).Select(One));
            planned.UnionWith(hits.Select(state => state.Name));
        }
    }

    /// <summary>The requests in order; none when all is as asked for already.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>Whether a state is the one that was asked for, given the one that it was before.</summary>
    public bool IsAsAsked(TracepointState before, TracepointState after) => after.Is(_enabled, Backtrace(before));

    private Step One(TracepointState state) =>
        new(TracepointPattern.GuestMatchOf(state.Name), state.Name, Backtrace(state));

    private bool IsDone(TracepointState state) => state.Is(_enabled, Backtrace(state));

    private bool Backtrace(TracepointState state) => _backtrace ?? state.Backtrace;

    /// <summary>One request.</summary>
    /// <param name="Match">The <c>match</c>; null when the name must be sent as an id.</param>
    /// <param name="Id">The tracepoint, when it is about one name.</param>
    /// <param name="Backtrace">The flag to send.</param>
    public readonly record struct Step(string? Match, string? Id, bool Backtrace);
}
