using Osprey.Traces.Rings;

namespace Osprey.Traces.Formats.Osvt.Recordings;

/// <summary>What a recording says of one CPU's ring.</summary>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="Samples">The samples that were read.</param>
/// <param name="Bytes">Their size in bytes.</param>
/// <param name="LostSamples">
/// The samples that were overwritten in the ring, while the recording ran, before they could be read: exact where all
/// samples of the ring have one size, otherwise by their average.
/// </param>
/// <param name="LostBytes">The bytes that those had in the ring: exact.</param>
/// <param name="Gaps">The number of places where samples are missing for that.</param>
/// <param name="EarlierSamples">The samples that were overwritten before the recording began, likewise.</param>
/// <param name="EarlierBytes">The bytes that those had in the ring: exact.</param>
/// <param name="RingSize">The size of the ring in bytes.</param>
public sealed record RecordedCpu(
    uint Cpu,
    long Samples,
    long Bytes,
    long LostSamples,
    long LostBytes,
    long Gaps,
    long EarlierSamples,
    long EarlierBytes,
    long RingSize
)
{
    /// <summary>A CPU of which nothing was recorded yet.</summary>
    public static RecordedCpu None(uint cpu) => new(cpu, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Adds a piece that was read of the CPU's ring.</summary>
    public RecordedCpu With(RingPiece piece) => With(RecordedPiece.Of(piece), piece.Length);

    /// <summary>Adds a piece that was recorded of the CPU.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="bytes">The size of its samples.</param>
    internal RecordedCpu With(RecordedPiece piece, long bytes)
    {
        long lostSamples = Bound(piece.Loss.Samples);
        long lostBytes = Bound(piece.Loss.Bytes);
        RecordedCpu sum = this with
        {
            Samples = Add(Samples, Bound(piece.Samples)),
            Bytes = Add(Bytes, bytes),
            RingSize = Bound(piece.RingSize),
        };
        if (piece.Loss.IsEarlier)
            return sum with
            {
                EarlierSamples = Add(EarlierSamples, lostSamples),
                EarlierBytes = Add(EarlierBytes, lostBytes),
            };

        return sum with
        {
            LostSamples = Add(LostSamples, lostSamples),
            LostBytes = Add(LostBytes, lostBytes),
            Gaps = lostBytes > 0 ? Gaps + 1 : Gaps,
        };
    }

    /// <summary>A file may say anything.</summary>
    private static long Bound(ulong value) => (long)Math.Min(value, 1UL << 48);

    private static long Add(long a, long b) => Math.Min(a + b, 1L << 49);
}
