using System.Buffers.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>
/// Keeps samples beyond their batch, in places cut out of large blocks; a place whose sample was released is used again
/// for the next one of about its size.
/// </summary>
/// <remarks>
/// Places rather than whole blocks: a few calls that last for hours would keep every block from being used again.
/// Adding and releasing belong to one thread; samples that are kept may be read from any.
/// </remarks>
internal sealed class SampleArena
{
    private const int BlockSize = 1 << 17; // large enough to be left where it is by the collector
    private const int Grain = 32;
    private const int LargestPlace = 1 << 12; // what is larger has an array of its own

    private readonly Stack<Place>?[] _free = new Stack<Place>?[(LargestPlace / Grain) + 1];
    private byte[] _current = [];
    private int _used;

    /// <summary>Keeps a copy of a sample.</summary>
    /// <param name="sample">What to keep.</param>
    /// <param name="withBacktrace">Whether to keep the backtrace too, most of a sample's bytes.</param>
    public KeptSample Add(in TraceEvent sample, bool withBacktrace)
    {
        ReadOnlySpan<byte> payload = sample.Payload;
        int payloadOffset = withBacktrace ? sample.PayloadOffset : SampleLayout.PayloadOffset(frameCount: 0);
        int length = payloadOffset + payload.Length;
        Place place = Find(length);
        Span<byte> target = place.Block.AsSpan(place.Offset, length);
        if (withBacktrace)
        {
            sample.Bytes.CopyTo(target);
        }
        else
        {
            sample.Bytes[..SampleLayout.Backtrace].CopyTo(target);
            BinaryPrimitives.WriteUInt64LittleEndian(target[SampleLayout.Backtrace..], 0);
            payload.CopyTo(target[payloadOffset..]);
        }

        return new KeptSample(place.Block, place.Offset, length, payloadOffset, sample.Tracepoint);
    }

    /// <summary>Gives up a sample that was kept.</summary>
    public void Release(KeptSample kept)
    {
        if (kept.Block is { } block && kept.Length <= LargestPlace)
            (_free[Grains(kept.Length)] ??= new Stack<Place>()).Push(new Place(block, kept.Offset));
    }

    private static int Grains(int length) => (length + Grain - 1) / Grain;

    private Place Find(int length)
    {
        if (length > LargestPlace)
            return new Place(new byte[length], 0);

        int grains = Grains(length);
        if (_free[grains] is { Count: > 0 } free)
            return free.Pop();

        int size = grains * Grain;
        if (_current.Length - _used < size)
        {
            _current = GC.AllocateUninitializedArray<byte>(BlockSize);
            _used = 0;
        }

        var place = new Place(_current, _used);
        _used += size;
        return place;
    }

    private readonly record struct Place(byte[] Block, int Offset);
}
