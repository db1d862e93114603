using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Session.Traces.Rings;

/// <summary>The samples that a running guest writes, of all CPUs in the order of their time, a moment later.</summary>
public sealed class LiveSamples
{
    private const int MostUnfinishedRounds = 50;

    private readonly RingFollower _follower;
    private readonly RingMerge _merge;
    private readonly SampleBatch _batch = new();
    private int _unfinishedRounds;

    /// <param name="rings">The rings to follow.</param>
    public LiveSamples(GuestRings rings)
    {
        _follower = new RingFollower(rings);
        _merge = new RingMerge(rings.Tracepoints, rings.Layout);
    }

    /// <summary>Takes a sample.</summary>
    /// <param name="sample">Valid until the call returns.</param>
    public delegate void Taker(in TraceEvent sample);

    /// <summary>Reads what the guest wrote since the last time.</summary>
    /// <param name="take">Takes the samples that are due, oldest first.</param>
    /// <param name="lost">Told of samples that were overwritten before they could be read.</param>
    /// <returns>The largest part of a ring, from 0 to 1, that had to be read.</returns>
    public double Read(Taker take, Action<RingPiece> lost)
    {
        _follower.ReadRound(piece => Add(piece, lost), isFlush: true);

        // A vCPU that does not run may leave a record unfinished for long; the others are not kept waiting for ever.
        _unfinishedRounds = _follower.IsBeforeUnfinished ? _unfinishedRounds + 1 : 0;
        _merge.EndRound(isWhole: _unfinishedRounds is 0 or > MostUnfinishedRounds);
        Give(take);
        return _follower.Fill;
    }

    /// <summary>Reads a last time, and gives out all that waits.</summary>
    /// <inheritdoc cref="Read"/>
    public void Finish(Taker take, Action<RingPiece> lost)
    {
        _follower.ReadRound(piece => Add(piece, lost), isFlush: true);
        _follower.Finish(piece => Add(piece, lost));
        _merge.Finish();
        Give(take);
    }

    private RingPiece Add(RingPiece piece, Action<RingPiece> lost)
    {
        if (piece.Loss.Bytes > 0)
            lost(piece);

        _merge.Add(piece);
        return piece;
    }

    private void Give(Taker take)
    {
        while (_merge.Read(_batch))
        {
            for (int i = 0; i < _batch.Count; i++)
                take(_batch[i]);
        }
    }
}
