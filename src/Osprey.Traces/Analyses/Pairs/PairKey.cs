namespace Osprey.Traces.Analyses.Pairs;

/// <summary>The facts that both ends of a pair have in common.</summary>
/// <param name="Correlation">Address of the thread, or number of the CPU.</param>
/// <param name="Group">Number of the name that both ends share.</param>
internal readonly record struct PairKey(ulong Correlation, int Group)
{
    public override int GetHashCode() =>
        unchecked((int)(((Correlation ^ ((ulong)Group << 48)) * 0x9e3779b97f4a7c15) >> 32));
}
