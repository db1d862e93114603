namespace Osprey.Traces.Analyses.Comparison;

/// <summary>The hits of a tracepoint in two traces; tracepoints of one name count as one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CountA">Samples in the first.</param>
/// <param name="CountB">Samples in the second.</param>
/// <param name="Compared">The samples per second, or the samples themselves.</param>
public sealed record TracepointDifference(string Name, long CountA, long CountB, Change Compared)
{
    /// <summary>Tells whether both traces have the same.</summary>
    public bool IsSame => CountA == CountB && Compared.Delta == 0;
}
