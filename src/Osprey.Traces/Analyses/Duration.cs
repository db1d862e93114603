namespace Osprey.Traces.Analyses;

/// <summary>A length of time, or a sum of them: of times up to 2^64, so that a sum takes more bits than that.</summary>
/// <param name="Nanoseconds">The whole nanoseconds.</param>
/// <param name="Fraction">What is left of a nanosecond; only the reference's time slicing makes fractions.</param>
/// <param name="IsFractional">
/// Whether a bound that the reference keeps as a fraction took part, even one without a remainder.
/// </param>
public readonly record struct Duration(Int128 Nanoseconds, double Fraction = 0, bool IsFractional = false)
{
    /// <summary>As one number of nanoseconds, exact up to 104 days.</summary>
    public double Total => (double)Nanoseconds + Fraction;

    /// <summary>Adds two lengths; the sum is fractional when one of them is.</summary>
    public static Duration operator +(Duration left, Duration right) =>
        new(
            left.Nanoseconds + right.Nanoseconds,
            left.Fraction + right.Fraction,
            left.IsFractional || right.IsFractional
        );
}
