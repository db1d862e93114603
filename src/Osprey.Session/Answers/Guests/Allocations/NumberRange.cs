namespace Osprey.Session.Answers.Guests.Allocations;

/// <summary>The sum and the ends of some numbers.</summary>
/// <param name="Count">How many there are, at least one.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
public readonly record struct NumberRange(long Count, ulong Sum, ulong Least, ulong Most)
{
    /// <summary>Their average.</summary>
    public double Average => Count == 0 ? 0 : (double)Sum / Count;

    /// <summary>These numbers and one more. A sum that does not fit stays at the largest number.</summary>
    public NumberRange With(ulong number) =>
        Count == 0
            ? new NumberRange(1, number, number, number)
            : new NumberRange(
                Count + 1,
                number > ulong.MaxValue - Sum ? ulong.MaxValue : Sum + number,
                Math.Min(Least, number),
                Math.Max(Most, number)
            );
}
