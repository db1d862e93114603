namespace Osprey.Traces.Analyses.Comparison;

/// <summary>One number in two traces.</summary>
/// <param name="A">In the first.</param>
/// <param name="B">In the second.</param>
public readonly record struct Change(double A, double B)
{
    /// <summary>How much it grew; negative when it shrank.</summary>
    public double Delta => B - A;

    /// <summary>How many times the first the second is; null when the first is 0.</summary>
    public double? Ratio => A == 0 ? null : B / A;

    /// <summary>Whether it grew by more than a fraction of itself; what is new has.</summary>
    public bool GrewBy(double fraction) => B > A && B > A * (1 + fraction);
}
