using System.Diagnostics;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Session.Traces.Rings;

/// <summary>The samples that a running guest writes, of all CPUs in the order of their time, a moment later.</summary>
public sealed class LiveSamples
{
    private const int MostUnfinishedRounds = 50;
    private const double BusyFill = 0.05;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_busyPause = TimeSpan.FromMilliseconds(1);

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

    /// <summary>
    /// The time of the newest sample that was read, which may not have been given out yet; 0 when there is none.
    /// </summary>
    public ulong Newest => _merge.Newest;

    /// <summary>Reads again and again, with short pauses, as the guest needs it.</summary>
    /// <param name="duration">The time after which it ends; null for none.</param>
    /// <param name="take">Takes the samples that are due, oldest first.</param>
    /// <param name="lost">Told of samples that were overwritten before they could be read.</param>
    /// <param name="afterRead">Called after each time.</param>
    /// <param name="cancellation">The user's wish to end: it returns at once.</param>
    /// <exception cref="Osprey.Target.TargetException">The guest ended, or can't be read any more.</exception>
    public void Follow(
        TimeSpan? duration,
        Taker take,
        Action<LiveLoss> lost,
        Action? afterRead,
        CancellationToken cancellation
    )
    {
        var watch = Stopwatch.StartNew();
        while (!cancellation.IsCancellationRequested && !(duration <= watch.Elapsed))
        {
            TimeSpan pause = Read(take, lost) > BusyFill ? s_busyPause : s_pause;
            afterRead?.Invoke();
            if (duration - watch.Elapsed is { } left && left < pause)
                pause = left > TimeSpan.Zero ? left : TimeSpan.Zero;

            cancellation.WaitHandle.WaitOne(pause);
        }
    }

    /// <summary>Reads what the guest wrote since the last time.</summary>
    /// <param name="take">Takes the samples that are due, oldest first.</param>
    /// <param name="lost">Told of samples that were overwritten before they could be read.</param>
    /// <returns>The largest part of a ring, from 0 to 1, that had to be read.</returns>
    public double Read(Taker take, Action<LiveLoss> lost)
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
    public void Finish(Taker take, Action<LiveLoss> lost)
    {
        _follower.ReadRound(piece => Add(piece, lost), isFlush: true);
        _follower.Finish(piece => Add(piece, lost));
        _merge.Finish();
        Give(take);
    }

    private RingPiece Add(RingPiece piece, Action<LiveLoss> lost)
    {
        if (piece.Loss.Bytes > 0)
            lost(new LiveLoss(piece.Cpu, piece.Loss, _merge.NewestOf(piece.Cpu), piece.FirstTime ?? ulong.MaxValue));

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
