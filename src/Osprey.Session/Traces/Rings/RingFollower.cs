using System.Diagnostics;
using Osprey.Session.Probes;
using Osprey.Target;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Session.Traces.Rings;

/// <summary>Reads all rings of a guest, round by round, and hands on what it reads piece by piece.</summary>
/// <remarks>
/// A round looks at how far each ring is written, all rings directly after each other, and then reads up to there. What
/// is written meanwhile is for the next round. A ring that is not there any more, and samples of tracepoints that are
/// not known, make it look anew for both, once a second at most; samples that are not understood even then are given
/// up.
/// </remarks>
/// <param name="rings">The rings.</param>
public sealed class RingFollower(GuestRings rings)
{
    private static readonly TimeSpan s_betweenUpdates = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, RingPiece> _pieces = [];
    private long? _updated;

    /// <summary>The size from which on a piece is handed on within a round.</summary>
    public int PieceSize { get; init; } = 1 << 20;

    /// <summary>The largest part of a ring, from 0 to 1, that was unread at the beginning of the last round.</summary>
    public double Fill { get; private set; }

    /// <summary>Tells whether a ring ended the last round before a record that the kernel was still writing.</summary>
    public bool IsBeforeUnfinished { get; private set; }

    /// <summary>
    /// What is to be added to the guest's times to have those of the host's monotonic clock, in nanoseconds: as long as
    /// the sample that was seen soonest waited for that, it is too large. Null as long as none was seen.
    /// </summary>
    public long? ClockOffset { get; private set; }

    /// <summary>Called with tracepoints that the guest has got since.</summary>
    public Action<IReadOnlyList<Tracepoint>>? TracepointsAdded { get; init; }

    /// <summary>Reads one round.</summary>
    /// <param name="take">
    /// Takes a piece that has samples or a loss, and returns an empty one to go on with, which may be the same.
    /// </param>
    /// <param name="isFlush">True to hand on all that was read; otherwise small pieces wait for more.</param>
    public void ReadRound(Func<RingPiece, RingPiece> take, bool isFlush)
    {
        rings.BeginFollowing();
        Fill = 0;
        IsBeforeUnfinished = false;
        bool isLost = rings.Readers.Count < rings.CpuCount || rings.CpuCount == 0;
        foreach (RingReader reader in rings.Readers)
        {
            isLost |= !reader.Look();
            Fill = Math.Max(Fill, (double)(reader.Last - reader.Position) / reader.Place.Size);
        }

        if (isLost && TryUpdate())
        {
            foreach (RingReader reader in rings.Readers)
                reader.Look();
        }

        for (int i = 0; i < rings.Readers.Count; i++)
        {
            RingReader reader = rings.Readers[i];
            Drain(reader, take, isFlush);
            if (reader.NewestTime is { } newest)
                AddClock(newest, HostClock.Now);
        }
    }

    /// <summary>A sample was complete at a time of the host: it is no later than that.</summary>
    private void AddClock(ulong newest, long now)
    {
        Int128 offset = (Int128)now - newest;
        if (offset >= long.MinValue && offset < (ClockOffset ?? long.MaxValue))
            ClockOffset = (long)offset;
    }

    /// <summary>Hands on what waits, and losses behind which nothing was read.</summary>
    public void Finish(Func<RingPiece, RingPiece> take)
    {
        LookOnceMore();
        foreach (RingReader reader in rings.Readers)
        {
            RingPiece piece = PieceOf(reader);
            if (!piece.IsEmpty)
            {
                piece = take(piece);
                piece.Clear();
            }

            reader.Finish(piece);
            if (!piece.IsEmpty)
                take(piece);

            _pieces.Remove(reader.Place.Cpu);
        }
    }

    private void Drain(RingReader reader, Func<RingPiece, RingPiece> take, bool isFlush)
    {
        RingPiece piece = PieceOf(reader);
        while (true)
        {
            (int length, ulong position) = (piece.Length, reader.Position);
            bool hasMore = reader.Read(piece);
            if (reader.UnknownTracepoint != 0)
            {
                reader.SkipsUnknown = !TryUpdate();
                continue;
            }

            bool isStuck = piece.Length == length && reader.Position == position;
            if (!isStuck)
                reader.SkipsUnknown = false;

            if (piece.Length >= PieceSize || (hasMore && isStuck))
                piece = Take(reader, piece, take);
            else if (!hasMore)
                break;
        }

        IsBeforeUnfinished |= reader.IsBeforeUnfinished;
        if (isFlush)
            Take(reader, piece, take);
    }

    private RingPiece Take(RingReader reader, RingPiece piece, Func<RingPiece, RingPiece> take)
    {
        RingPiece next = piece.IsEmpty ? piece : take(piece);
        next.Clear();
        _pieces[reader.Place.Cpu] = next;
        return next;
    }

    private RingPiece PieceOf(RingReader reader)
    {
        if (!_pieces.TryGetValue(reader.Place.Cpu, out RingPiece? piece))
            _pieces.Add(reader.Place.Cpu, piece = new RingPiece());

        return piece;
    }

    /// <summary>Asks the guest what it has dropped meanwhile, unless it has ended.</summary>
    private void LookOnceMore()
    {
        try
        {
            rings.LookAtDropped();
        }
        catch (TargetException)
        {
            // The number that was read before stays; reading the rings' last bytes says that it ended.
        }
    }

    private bool TryUpdate()
    {
        if (_updated is { } before && Stopwatch.GetElapsedTime(before) < s_betweenUpdates)
            return false;

        _updated = Stopwatch.GetTimestamp();
        IReadOnlyList<Tracepoint> added = rings.Update();
        if (added.Count > 0)
            TracepointsAdded?.Invoke(added);

        return true;
    }
}
