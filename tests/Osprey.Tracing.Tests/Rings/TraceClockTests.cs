using System.Diagnostics;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Rings;

/// <summary>The clock of records, beside the one that it is made of.</summary>
public sealed unsafe class TraceClockTests
{
    /// <summary>What the clock may be wrong by, in nanoseconds, with room for a machine that is busy.</summary>
    private const ulong Bound = 2000;

    [Fact]
    public void Time_IsThatOfTheMonotonicClock()
    {
        long end = Stopwatch.GetTimestamp() + 300_000_000;
        ulong worst = 0;
        long before;
        do
        {
            before = Stopwatch.GetTimestamp();
            ulong time = TraceClock.Read();
            long after = Stopwatch.GetTimestamp();
            if (time < (ulong)before)
                worst = Math.Max(worst, (ulong)before - time);
            if (time > (ulong)after)
                worst = Math.Max(worst, time - (ulong)after);
        } while (before < end);

        Assert.InRange(worst, 0ul, Bound);
    }

    [Fact]
    public void Time_OfManyThreads_IsTheSame()
    {
        ulong newest = 0;
        ulong worst = 0;
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(_ => new Thread(() =>
                {
                    for (int i = 0; i < 200_000; i++)
                    {
                        ulong seen = Volatile.Read(ref newest);
                        ulong time = TraceClock.Read();
                        if (time < seen)
                            worst = Math.Max(worst, seen - time);
                        else
                            Volatile.Write(ref newest, time);
                    }
                })),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.InRange(worst, 0ul, Bound);
    }

    /// <summary>Times go on while the clock is slower, faster, or not read quite together with the counter.</summary>
    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(0.5, 2)]
    [InlineData(1.0, 3)]
    [InlineData(40.0, 4)]
    public void Calibration_OfAClockThatDrifts_NeverGoesBack(double rate, int seed)
    {
        var random = new Random(seed);
        var calibration = new ClockCalibration();
        double ticks = 1e12;
        double time = 5e12;
        ulong newest = 0;
        for (int i = 0; i < 20_000; i++)
        {
            double step = random.NextDouble() * 3e6; // up to 3 ms
            double slew = 1 + ((random.NextDouble() - 0.5) / 1000); // 500 millionths
            ticks += step;
            time += step * rate * slew;
            double error = (random.NextDouble() - 0.5) * 400;
            newest = Math.Max(newest, Told(*calibration.Anchor, (ulong)ticks));
            ulong told = calibration.Move((ulong)ticks, (ulong)(time + error));
            Assert.True(told >= newest);
            Assert.InRange(told, time - Bound, time + Bound + (step * rate / 500));
            newest = told;
        }
    }

    [Theory]
    [InlineData(-1_000_000_000_000L)]
    [InlineData(1_000_000_000_000L)]
    public void Calibration_WhenTheCounterJumps_BeginsAnew(long jump)
    {
        var calibration = new ClockCalibration();
        ulong ticks = 2_000_000_000_000;
        ulong time = 5_000_000_000_000;
        for (int i = 0; i < 100; i++)
            calibration.Move(ticks += 2_000_000, time += 1_000_000);
        Assert.NotEqual(0ul, calibration.Anchor->Limit);

        ticks = unchecked(ticks + (ulong)jump);
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(time += 1_000_000, calibration.Move(ticks += 2_000_000, time));
            Assert.Equal(0ul, calibration.Anchor->Limit); // nobody calculates with what was measured before
        }

        for (int i = 0; i < 10; i++)
            calibration.Move(ticks += 2_000_000, time += 1_000_000);
        Assert.NotEqual(0ul, calibration.Anchor->Limit);
        Assert.Equal(time, calibration.Anchor->Time);
    }

    /// <summary>The newest time that was told from an anchor until the counter came to a number.</summary>
    private static ulong Told(ClockAnchor anchor, ulong ticks) =>
        anchor.Time + ((Math.Min(ticks - anchor.Ticks, anchor.Limit) * anchor.Scale) >> ClockAnchor.ScaleBits);
}
