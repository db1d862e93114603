namespace Osprey.Values;

/// <summary>
/// Limits the number of types that one search through members and bases visits: in damaged debug info a type may
/// contain itself.
/// </summary>
internal sealed class SearchBudget
{
    // The largest classes have far fewer parts.
    private const int MaxVisits = 50_000;

    private int _visits;

    /// <summary>Counts a visit; false when there were too many.</summary>
    public bool TrySpend() => ++_visits <= MaxVisits;
}
