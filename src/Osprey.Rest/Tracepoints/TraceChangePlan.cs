namespace Osprey.Rest.Tracepoints;

/// <summary>The requests that put the chosen tracepoints, and no others, into the requested state.</summary>
/// <remarks>
/// A request sets both flags of every tracepoint that it matches. So tracepoints whose backtrace flags must stay
/// different need separate requests. A request by id reaches only the first tracepoint of a name; one by <c>match</c>
/// reaches all of them.
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

    /// <summary>The requests in order; none when every tracepoint is in the requested state already.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>True when a tracepoint reached the requested state, given its previous one.</summary>
    public bool IsAsAsked(TracepointState before, TracepointState after) => after.Is(_enabled, Backtrace(before));

    private Step One(TracepointState state) =>
        new(TracepointPattern.GuestMatchOf(state.Name), state.Name, Backtrace(state));

    private bool IsDone(TracepointState state) => state.Is(_enabled, Backtrace(state));

    private bool Backtrace(TracepointState state) => _backtrace ?? state.Backtrace;

    /// <summary>One request.</summary>
    /// <param name="Match">The <c>match</c> to send; null when the name must be sent as an id.</param>
    /// <param name="Id">The tracepoint's name when the request is for one name; else null.</param>
    /// <param name="Backtrace">The backtrace flag to send.</param>
    public readonly record struct Step(string? Match, string? Id, bool Backtrace);
}
