using Osprey.Rest.Counters;

namespace Osprey.Tests.Rest;

public sealed class CounterRatesTests
{
    [Fact]
    public void Between_TwoReadings_DividesByTheGuestsTime()
    {
        CounterRates rates = Between(
            1000,
            [new("b", 10), new("a", 1), new("a", 2)],
            3000,
            [new("a", 5), new("b", 110), new("a", 2)]
        );

        Assert.Equal(3000, rates.TimeMilliseconds);
        Assert.Equal(2000, rates.DeltaMilliseconds);
        Assert.Equal([new("a", 7, 4, 2.0), new("b", 110, 100, 50.0)], rates.Rates);
    }

    [Fact]
    public void Between_CounterStartedSince_HasNoRate()
    {
        CounterRates rates = Between(
            1000,
            [new("restarted", 10), new("stopped", 1)],
            2000,
            [new("restarted", 3), new("new", 4)]
        );

        Assert.Equal([new("new", 4, null, null), new("restarted", 3, null, null)], rates.Rates);
    }

    [Fact]
    public void Between_NoTimePassed_HasDeltasOnly()
    {
        CounterRates rates = Between(1000, [new("a", 1)], 1000, [new("a", 3)]);

        Assert.Equal(0, rates.DeltaMilliseconds);
        Assert.Equal([new("a", 3, 2, null)], rates.Rates);
    }

    [Fact]
    public void Between_GuestRestarted_HasCountsOnly()
    {
        CounterRates rates = Between(9000, [new("a", 1)], 1000, [new("a", 3)]);

        Assert.Null(rates.DeltaMilliseconds);
        Assert.Equal([new("a", 3, null, null)], rates.Rates);
    }

    [Fact]
    public void Between_NumbersOfALyingGuest_DoNotOverflow()
    {
        CounterRates rates = Between(
            long.MinValue,
            [new("a", long.MinValue)],
            long.MaxValue,
            [new("a", long.MaxValue), new("a", long.MaxValue)]
        );

        Assert.Null(rates.DeltaMilliseconds);
        Assert.Equal([new("a", -2, null, null)], rates.Rates);
    }

    private static CounterRates Between(long from, TraceCount[] before, long to, TraceCount[] after) =>
        CounterRates.Between(new TraceCounts(before, from), new TraceCounts(after, to));
}
