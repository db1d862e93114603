using Osprey.Binary;
using Osprey.Symbols.Index;

namespace Osprey.Tests.Symbols.Index;

public sealed class RangeFlattenerTests
{
    [Fact]
    public void Flatten_RandomRanges_GiveEachAddressToTheHighestPriority()
    {
        var random = new Random(3);
        for (int round = 0; round < 500; round++)
        {
            var flattener = new RangeFlattener();
            var ranges = new List<(int Low, int High)>();
            for (int i = 0; i < random.Next(20); i++)
            {
                int low = random.Next(60);
                ranges.Add((low, low + random.Next(25)));
                flattener.Add((ulong)low, (ulong)ranges[i].High, i, i);
            }

            (ulong[] starts, int[] values) = flattener.Flatten();
            Assert.Equal(starts, starts.Order().Distinct());
            for (int address = 0; address < 100; address++)
            {
                int piece = BinarySearch.FindLastNotAbove(starts, (ulong)address);
                int expected = ranges.FindLastIndex(range => address >= range.Low && address < range.High);
                Assert.Equal(expected, piece < 0 ? RangeFlattener.Nothing : values[piece]);
            }
        }
    }

    [Fact]
    public void Flatten_Nothing_HasNoPieces() => Assert.Empty(new RangeFlattener().Flatten().Starts);
}
