using System.Buffers.Binary;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Tracing.Tests.Outside;

/// <summary>Checks the records of <see cref="WriterProcess"/>: each whole, and in order within its ring.</summary>
internal sealed class NumberedRecords(TracepointTable tracepoints)
{
    private const int NumberedSize = 64;

    private readonly Dictionary<(int Ring, uint Thread), uint> _newest = [];

    public long Read { get; private set; }

    public long LostBytes { get; private set; }

    /// <summary>Takes what was read of one ring.</summary>
    public RingPiece Take(RingPiece piece)
    {
        Read += piece.Count;
        LostBytes += (long)piece.Loss.Bytes;
        ReadOnlySpan<byte> bytes = piece.Records;
        ulong time = 0;
        while (!bytes.IsEmpty)
        {
            int index = tracepoints.IndexOf(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            Assert.InRange(index, 0, tracepoints.Count - 1);
            ulong now = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]);
            Assert.True(now >= time, "a ring is sorted by time");
            time = now;
            bool isNumbered = tracepoints[index].Name == "numbered";
            if (isNumbered)
                Check(piece.Cpu, bytes);
            bytes = bytes[(isNumbered ? NumberedSize : SaidSize(bytes))..];
        }

        return piece;
    }

    private static int SaidSize(ReadOnlySpan<byte> record) => (record[44] & 1) != 0 ? 184 : 104;

    private void Check(int ring, ReadOnlySpan<byte> record)
    {
        uint thread = BinaryPrimitives.ReadUInt32LittleEndian(record[48..]);
        uint number = BinaryPrimitives.ReadUInt32LittleEndian(record[52..]);
        ulong check = BinaryPrimitives.ReadUInt64LittleEndian(record[56..]);
        Assert.Equal(unchecked(((ulong)thread << 32) * number), check);
        Assert.True(number > _newest.GetValueOrDefault((ring, thread)), "a thread's records are in order");
        _newest[(ring, thread)] = number;
    }
}
