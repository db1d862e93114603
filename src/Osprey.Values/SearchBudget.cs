namespace Osprey.Values;

/// <summary>
/// How many types one search through members and bases may visit; damaged debug info can make them contain themselves.
/// </summary>
internal sealed class SearchBudget
{
    // Far more than the largest classes have parts.
    private const int MaxVisits = 50_000;

    private int _visits;

    /// <summary>Notes a visit; false when there were too many.</summary>
    public bool TrySpend() => ++_visits <= MaxVisits;
}
