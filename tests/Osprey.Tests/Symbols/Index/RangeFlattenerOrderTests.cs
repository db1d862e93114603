using Osprey.Symbols.Index;

namespace Osprey.Tests.Symbols.Index;

public sealed class RangeFlattenerOrderTests
{
    [Fact]
    public void Flatten_UnsortedRanges_AreTheSameAsSortedOnes()
    {
        var random = new Random(9);
        for (int round = 0; round < 200; round++)
        {
            (ulong Low, int Value)[] ranges =
            [
                .. Enumerable.Range(0, random.Next(200)).Select(i => ((ulong)random.Next(1_000) * 10, i)),
            ];
            Assert.Equal(Flatten(ranges.OrderBy(range => range.Low)), Flatten(ranges));
        }

        static string Flatten(IEnumerable<(ulong Low, int Value)> ranges)
        {
            var flattener = new RangeFlattener();
            foreach ((ulong low, int value) in ranges)
                flattener.Add(low, low + 10, value, value);

            (ulong[] starts, int[] values) = flattener.Flatten();
            return string.Join(' ', starts.Zip(values));
        }
    }
}
