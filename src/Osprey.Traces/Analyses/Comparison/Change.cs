namespace Osprey.Traces.Analyses.Comparison;

/// <summary>One number in two traces.</summary>
/// <param name="A">In the first.</param>
/// <param name="B">In the second.</param>
public readonly record struct Change(double A, double B)
{
    /// <summary>The amount by which it grew; negative when it shrank.</summary>
    public double Delta => B - A;

    /// <summary>The second divided by the first; null when the first is 0.</summary>
    public double? Ratio => A == 0 ? null : B / A;

    /// <summary>Tells whether it grew by more than a fraction of itself; anything new has.</summary>
    public bool GrewBy(double fraction) => B > A && B > A * (1 + fraction);
}
