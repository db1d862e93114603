using System.Numerics;

namespace Osprey.Traces.Analyses.Inventory;

/// <summary>Finds the stretches of a CPU without samples that are far longer than usual on it.</summary>
/// <remarks>
/// Usual is what 99 of 100 intervals do not exceed, known to a power of two: one number for each length's magnitude.
/// </remarks>
/// <param name="cpu">The CPU's number.</param>
internal sealed class GapFinder(uint cpu)
{
    /// <summary>The factor by which a gap is longer than usual.</summary>
    private const int FarLonger = 16;

    /// <summary>Fewer intervals do not tell what is usual.</summary>
    private const int FewestIntervals = 50;

    private const int Kept = 5;

    private readonly long[] _counts = new long[65];
    private readonly List<TraceGap> _longest = [];
    private long _count;

    /// <summary>Takes the next interval between two samples.</summary>
    public void Add(ulong from, ulong to)
    {
        ulong length = to - from;
        _counts[64 - BitOperations.LeadingZeroCount(length)]++;
        _count++;
        if (_longest.Count == Kept && _longest[^1].Length >= length)
            return;

        if (_longest.Count == Kept)
            _longest.RemoveAt(Kept - 1);

        int place = _longest.FindIndex(gap => gap.Length < length);
        _longest.Insert(place < 0 ? _longest.Count : place, new TraceGap(cpu, from, to));
    }

    /// <summary>The gaps, longest first; none when there are too few samples to tell.</summary>
    public IReadOnlyList<TraceGap> Find()
    {
        if (_count < FewestIntervals)
            return [];

        UInt128 limit = (UInt128)FarLonger << UsualMagnitude();
        return _longest.FindAll(gap => gap.Length >= limit);
    }

    /// <summary>The power of two that 99 of 100 intervals stay below.</summary>
    private int UsualMagnitude()
    {
        long rest = _count - (_count / 100);
        int magnitude = 0;
        while (rest > _counts[magnitude])
            rest -= _counts[magnitude++];

        return magnitude;
    }
}
