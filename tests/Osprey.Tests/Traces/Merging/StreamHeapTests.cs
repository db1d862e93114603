using FsCheck;
using FsCheck.Fluent;
using Osprey.Traces.Merging;

namespace Osprey.Tests.Traces.Merging;

public sealed class StreamHeapTests
{
    [Fact]
    public void FourEqualTimes_InReferenceOrder_ComeOutAsItsHeapLeavesThem() =>
        Assert.Equal(
            "cadb",
            string.Concat(
                Merge(
                        [
                            [7],
                            [7],
                            [7],
                            [7],
                        ],
                        MergeOrder.Reference
                    )
                    .Select(item => (char)('a' + item.Stream))
            )
        );

    [Fact]
    public void FourEqualTimes_ByCpu_ComeOutInOrder() =>
        Assert.Equal(
            "abcd",
            string.Concat(
                Merge(
                        [
                            [7],
                            [7],
                            [7],
                            [7],
                        ],
                        MergeOrder.TimeThenCpu
                    )
                    .Select(item => (char)('a' + item.Stream))
            )
        );

    [Fact]
    public void Merge_SortedStreams_IsAStableSort() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(
                Streams(),
                streams =>
                {
                    IEnumerable<(ulong, int)> expected = streams
                        .SelectMany((times, stream) => times.Select(time => (Time: time, Stream: stream)))
                        .OrderBy(item => item.Time)
                        .ThenBy(item => item.Stream);

                    Assert.Equal(expected, Merge(streams, MergeOrder.TimeThenCpu));
                }
            )
        );

    [Fact]
    public void Merge_InReferenceOrder_IsSortedAndWhole() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(
                Streams(),
                streams =>
                {
                    List<(ulong Time, int Stream)> merged = Merge(streams, MergeOrder.Reference);

                    Assert.Equal(merged.Select(item => item.Time).Order(), merged.Select(item => item.Time));
                    for (int stream = 0; stream < streams.Length; stream++)
                        Assert.Equal(
                            streams[stream],
                            merged.Where(item => item.Stream == stream).Select(item => item.Time)
                        );
                }
            )
        );

    [Fact]
    public void Merge_UnsortedStreams_KeepsEachStreamsOrder()
    {
        List<(ulong Time, int Stream)> merged = Merge(
            [
                [5, 1, 9],
                [4, 6],
            ],
            MergeOrder.TimeThenCpu
        );

        Assert.Equal([(4UL, 1), (5UL, 0), (1UL, 0), (6UL, 1), (9UL, 0)], merged);
    }

    private static Arbitrary<ulong[][]> Streams() =>
        Gen.Choose(0, 12)
            .Select(time => (ulong)time)
            .ArrayOf()
            .Select(times => times.Order().ToArray())
            .ArrayOf()
            .ToArbitrary();

    private static List<(ulong Time, int Stream)> Merge(ulong[][] streams, MergeOrder order)
    {
        var heap = new StreamHeap(streams.Length, order);
        int[] positions = new int[streams.Length];
        for (int stream = 0; stream < streams.Length; stream++)
        {
            if (streams[stream].Length > 0)
                heap.Add(streams[stream][0], stream);
        }

        heap.Build();
        var merged = new List<(ulong, int)>();
        while (heap.Count > 0)
        {
            int first = heap.First;
            merged.Add((streams[first][positions[first]++], first));
            if (positions[first] < streams[first].Length)
                heap.Replace(streams[first][positions[first]]);
            else
                heap.RemoveFirst();
        }

        return merged;
    }
}
