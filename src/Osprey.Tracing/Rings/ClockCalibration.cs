using System.Runtime.InteropServices;

namespace Osprey.Tracing.Rings;

/// <summary>
/// Measures how fast the processor's counter runs, and moves the anchor that the time of records is calculated from.
/// One thread at a time uses it.
/// </summary>
internal sealed unsafe class ClockCalibration
{
    /// <summary>The nanoseconds after which an anchor is not used any more.</summary>
    public const ulong AnchorAge = 1_000_000;

    /// <summary>The shortest and the longest time that the rate is measured over, in nanoseconds.</summary>
    private const ulong ShortestMeasured = 10_000_000;
    private const ulong LongestMeasured = 500_000_000;

    /// <summary>Rates of two measurements differ by some millionths; by more, when the counter has jumped.</summary>
    private const double LargestChange = 0.001;

    private ulong _baseTicks;
    private ulong _baseTime;
    private double _rate; // nanoseconds of a tick; 0 before it was measured

    /// <summary>The anchor, which any thread may read. It stays for as long as the process.</summary>
    public ClockAnchor* Anchor { get; } = Allocate();

    /// <summary>Moves the anchor to a moment, at which both clocks were read.</summary>
    /// <param name="ticks">The processor's counter.</param>
    /// <param name="time">The monotonic clock in nanoseconds.</param>
    /// <returns>The time at that moment: the clock's, or what was told already where that is ahead of it.</returns>
    public ulong Move(ulong ticks, ulong time)
    {
        unchecked
        {
            if (_baseTime == 0)
                return Restart(ticks, time);

            ulong elapsed = time - _baseTime;
            if (elapsed >= ShortestMeasured)
            {
                double rate = elapsed / (double)(ticks - _baseTicks);
                if (_rate != 0 && Math.Abs((rate / _rate) - 1) > LargestChange)
                    return Restart(ticks, time);
                _rate = rate;
                if (elapsed >= LongestMeasured)
                    (_baseTicks, _baseTime) = (ticks, time);
            }

            if (_rate == 0)
                return time;

            // The newest time that anybody may have been told.
            ClockAnchor* anchor = Anchor;
            ulong told = Math.Min(ticks - anchor->Ticks, anchor->Limit);
            ulong start = Math.Max(anchor->Time + ((told * anchor->Scale) >> ClockAnchor.ScaleBits), time);
            ulong ahead = start - time;
            if (ahead > AnchorAge / 2)
                return Restart(ticks, time);

            double scale = _rate * (1 - (ahead / (double)AnchorAge));
            Publish(ticks, start, (ulong)(scale * (1UL << ClockAnchor.ScaleBits)), (ulong)(AnchorAge / _rate));
            return start;
        }
    }

    /// <summary>Begins to measure anew; the anchor can't be used till then.</summary>
    private ulong Restart(ulong ticks, ulong time)
    {
        (_baseTicks, _baseTime, _rate) = (ticks, time, 0);
        Publish(ticks, time, 0, 0);
        return time;
    }

    private void Publish(ulong ticks, ulong time, ulong scale, ulong limit)
    {
        unchecked
        {
            // x86-64, the only processor whose counter is used, keeps the order of stores.
            ClockAnchor* anchor = Anchor;
            ulong sequence = anchor->Sequence;
            Volatile.Write(ref anchor->Sequence, sequence + 1);
            Volatile.Write(ref anchor->Ticks, ticks);
            Volatile.Write(ref anchor->Time, time);
            Volatile.Write(ref anchor->Scale, scale);
            Volatile.Write(ref anchor->Limit, limit);
            Volatile.Write(ref anchor->Sequence, sequence + 2);
        }
    }

    private static ClockAnchor* Allocate()
    {
        var anchor = (ClockAnchor*)NativeMemory.AlignedAlloc((nuint)sizeof(ClockAnchor), 64);
        *anchor = default;
        return anchor;
    }
}
