using Osprey.Tests.Builders.Traces;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Tests.Traces.Rings;

/// <summary>Samples of several rings, merged while they are read in rounds.</summary>
public sealed class RingMergeTests
{
    private readonly SimulatedRing[] _rings = [new(1 << 16), new(1 << 16, cpu: 1), new(1 << 16, cpu: 2)];
    private readonly SampleBatch _batch = new();
    private readonly List<ulong> _times = [];
    private ulong _clock;

    [Fact]
    public void Read_SamplesOfThreeRingsInRounds_ComeInOrderOfTime()
    {
        var random = new Random(5);
        RingReader[] readers = [.. _rings.Select(ring => ring.CreateReader())];
        var merge = new RingMerge(_rings[0].Tracepoints, RingLayout.Osv);
        int written = 0;
        for (int round = 0; round < 200; round++)
        {
            for (int i = random.Next(30); i > 0; i--, written++)
                Write(random.Next(3));

            foreach (RingReader reader in readers)
            {
                reader.Look();
                // What a ring gets while the others are looked at is for the next round.
                for (int i = random.Next(4); i > 0; i--, written++)
                    Write(random.Next(3));
            }

            foreach (RingReader reader in readers)
                Add(merge, reader);

            merge.EndRound(isWhole: true);
            Take(merge);
        }

        merge.Finish();
        foreach (RingReader reader in readers)
        {
            reader.Look();
            Add(merge, reader);
        }

        Take(merge);

        Assert.Equal(written, _times.Count);
        Assert.Equal(_times.Order(), _times);
        Assert.Equal(0, merge.Waiting);
    }

    [Fact]
    public void EndRound_RecordWasUnfinished_NothingYoungerIsGivenOut()
    {
        RingReader[] readers = [.. _rings.Select(ring => ring.CreateReader())];
        var merge = new RingMerge(_rings[0].Tracepoints, RingLayout.Osv);
        _rings[0].Next = _clock++;
        _rings[0].Begin();
        for (int round = 0; round < 5; round++)
        {
            Write(1);
            foreach (RingReader reader in readers)
            {
                reader.Look();
                Add(merge, reader);
            }

            merge.EndRound(isWhole: !readers[0].IsBeforeUnfinished);
            Take(merge);
        }

        Assert.Empty(_times);

        _rings[0].Finish();
        for (int round = 0; round < 4; round++)
        {
            readers[0].Look();
            Add(merge, readers[0]);
            merge.EndRound(isWhole: true);
            Take(merge);
        }

        Assert.Equal(6, _times.Count);
        Assert.Equal(_times.Order(), _times);
    }

    private void Write(int ring)
    {
        _rings[ring].Next = _clock++;
        _rings[ring].Write();
    }

    private static void Add(RingMerge merge, RingReader reader)
    {
        var piece = new RingPiece();
        while (reader.Read(piece)) { }

        merge.Add(piece);
    }

    private void Take(RingMerge merge)
    {
        while (merge.Read(_batch))
        {
            for (int i = 0; i < _batch.Count; i++)
                _times.Add(_batch[i].Time);
        }
    }
}
