using System.Buffers.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>
/// Keeps samples beyond their batch, packed into a few large blocks; blocks whose samples were all released are used
/// again.
/// </summary>
/// <remarks>Adding and releasing belong to one thread; samples that are kept may be read from any.</remarks>
internal sealed class SampleArena
{
    private const int BlockSize = 1 << 17; // large enough to be left where it is by the collector

    private readonly Stack<Block> _spare = [];
    private Block _current = new(GC.AllocateUninitializedArray<byte>(BlockSize));
    private int _used;

    /// <summary>Keeps a copy of a sample.</summary>
    /// <param name="sample">What to keep.</param>
    /// <param name="withBacktrace">Whether to keep the backtrace too, most of a sample's bytes.</param>
    public KeptSample Add(in TraceEvent sample, bool withBacktrace)
    {
        ReadOnlySpan<byte> payload = sample.Payload;
        int payloadOffset = withBacktrace ? sample.PayloadOffset : SampleLayout.PayloadOffset(frameCount: 0);
        int length = payloadOffset + payload.Length;
        if (BlockSize - _used < length)
            NextBlock(length);

        Span<byte> target = _current.Bytes.AsSpan(_used, length);
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

        var kept = new KeptSample(_current, _used, length, payloadOffset, sample.Tracepoint);
        _current.Live++;
        _used += length;
        return kept;
    }

    /// <summary>Gives up a sample that was kept.</summary>
    public void Release(KeptSample kept)
    {
        if (kept.Block is Block block && --block.Live == 0 && block != _current && block.Bytes.Length == BlockSize)
            _spare.Push(block);
    }

    private void NextBlock(int length)
    {
        if (_current.Live == 0 && length <= BlockSize)
        {
            _used = 0;
            return;
        }

        _current =
            length > BlockSize ? new Block(new byte[length])
            : _spare.Count > 0 ? _spare.Pop()
            : new Block(GC.AllocateUninitializedArray<byte>(BlockSize));
        _used = 0;
    }

    /// <summary>A block of memory and how many kept samples lie in it.</summary>
    internal sealed class Block(byte[] bytes)
    {
        public byte[] Bytes => bytes;

        public int Live { get; set; }
    }
}
