using Osprey.Target;
using Osprey.Traces.Rings;

namespace Osprey.Session.Traces.Rings;

/// <summary>Counts the samples of each tracepoint in a guest's rings.</summary>
/// <param name="rings">The rings.</param>
public sealed class RingCounts(GuestRings rings)
{
    private readonly RingFollower _follower = new(rings);
    private long[] _counts = [];

    /// <summary>The samples that were overwritten before they could be read; exact where all have one size.</summary>
    public long LostSamples { get; private set; }

    /// <summary>The bytes that those had, exactly.</summary>
    public long LostBytes { get; private set; }

    /// <summary>The largest part of a ring, from 0 to 1, that had to be read the last time.</summary>
    public double Fill => _follower.Fill;

    /// <summary>Counts the samples that the guest wrote since the last time, or that its rings hold.</summary>
    /// <exception cref="TargetException">The guest can't be read any more.</exception>
    public void Read() => _follower.ReadRound(Add, isFlush: true);

    /// <summary>Gives how many samples of a tracepoint were counted so far.</summary>
    /// <param name="address">The tracepoint's address.</param>
    public long CountOf(ulong address) =>
        rings.Tracepoints.IndexOf(address) is var index && index >= 0 && index < _counts.Length ? _counts[index] : 0;

    /// <summary>Counts what the rings hold at this moment, without following them.</summary>
    /// <param name="cancellation">Ends the count.</param>
    /// <returns>The reasons why some samples may not have been counted, in words.</returns>
    public IReadOnlyList<string> ReadOnce(CancellationToken cancellation)
    {
        var defects = new List<string>();
        var piece = new RingPiece();
        foreach (RingReader reader in rings.Readers)
        {
            reader.SkipsUnknown = true;
            reader.Look();
            bool hasMore = true;
            while (hasMore)
            {
                cancellation.ThrowIfCancellationRequested();
                ulong position = reader.Position;
                hasMore = reader.Read(piece) && (piece.Count > 0 || reader.Position > position);
                Add(piece);
                piece.Clear();
            }

            if (reader.StrangeBytes > 0)
                defects.Add(
                    $"{reader.StrangeBytes} bytes of the trace buffer of CPU {reader.Place.Cpu} can't be read or hold "
                        + "other things"
                );
        }

        return defects;
    }

    private RingPiece Add(RingPiece piece)
    {
        if (_counts.Length < rings.Tracepoints.Count)
            Array.Resize(ref _counts, rings.Tracepoints.Count);

        RingRecords.Count(piece.Records, rings.Tracepoints, rings.Layout, _counts);
        if (!piece.Loss.IsEarlier)
        {
            LostSamples += (long)piece.Loss.Samples;
            LostBytes += (long)piece.Loss.Bytes;
        }

        return piece;
    }
}
