using Osprey.Traces.Analyses.Pairs;

namespace Osprey.Tests.Traces.Analyses.Pairs;

public sealed class TimedOrderTests
{
    /// <summary>Few and many different keys, up to such as leave no room for the row beside them.</summary>
    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(5000, 3)]
    [InlineData(5000, 2047)]
    [InlineData(5000, 2048)]
    [InlineData(5000, 1L << 33)]
    [InlineData(5000, 1L << 51)]
    [InlineData(5000, 1L << 52)]
    [InlineData(5000, long.MaxValue)]
    public void Order_OfAnyKeys_IsStableAndThatOfDotNet(int count, long limit)
    {
        var random = new Random(count);
        ulong[] keys = [.. Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(limit))];
        int[] rows = [.. Enumerable.Range(0, count)];

        Assert.Equal(rows.OrderBy(row => keys[row]), TimedOrder.ByTime([.. keys]));
        Assert.Equal(rows.OrderByDescending(row => keys[row]), TimedOrder.ByDuration([.. keys]));
    }

    [Fact]
    public void Order_OfTheLargestKeys_IsRight()
    {
        ulong[] keys = [ulong.MaxValue, 0, ulong.MaxValue - 1, ulong.MaxValue];

        Assert.Equal([1, 2, 0, 3], TimedOrder.ByTime([.. keys]));
        Assert.Equal([0, 3, 2, 1], TimedOrder.ByDuration([.. keys]));
    }
}
