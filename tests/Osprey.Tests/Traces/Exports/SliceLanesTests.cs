using Osprey.Traces.Exports.Timeline;

namespace Osprey.Tests.Traces.Exports;

public sealed class SliceLanesTests
{
    [Fact]
    public void Place_SlicesThatNestOrTouch_ShareALane()
    {
        SliceLanes lanes = new();
        Assert.Equal(
            [0, 0, 0, 0, 0],
            new[]
            {
                lanes.Place(20, 30),
                lanes.Place(30, 40),
                lanes.Place(10, 40),
                lanes.Place(40, 40),
                lanes.Place(0, 50),
            }
        );
    }

    [Fact]
    public void Place_SlicesThatCross_GetLanesOfTheirOwn()
    {
        SliceLanes lanes = new();
        Assert.Equal(
            [0, 1, 2, 0],
            new[] { lanes.Place(10, 30), lanes.Place(20, 40), lanes.Place(25, 50), lanes.Place(50, 60) }
        );
    }

    [Fact]
    public void Place_AfterClear_StartsAtTheFirstLane()
    {
        SliceLanes lanes = new();
        lanes.Place(10, 30);
        lanes.Clear();
        Assert.Equal(0, lanes.Place(20, 40));
    }

    [Fact]
    public void Place_RandomSlices_NeverCrossWithinALane()
    {
        Random random = new(1);
        for (int round = 0; round < 300; round++)
        {
            SliceLanes lanes = new();
            List<(int Lane, ulong Begin, ulong End)> placed = [];
            ulong end = 0;
            for (int i = 0; i < 40; i++)
            {
                end += (ulong)random.Next(0, 4);
                ulong begin = end - Math.Min(end, (ulong)random.Next(0, 30));
                placed.Add((lanes.Place(begin, end), begin, end));
            }

            var crossing =
                from a in placed
                from b in placed
                where a.Lane == b.Lane && a.Begin < b.Begin && b.Begin < a.End && a.End < b.End
                select (a, b);
            Assert.Empty(crossing);
        }
    }
}
