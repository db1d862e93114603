using System.Buffers.Binary;
using Osprey.Binary;
using Osprey.Traces.Rings;

namespace Osprey.Traces.Formats.Osvt.Recordings;

/// <summary>
/// The chunk OSPR: says of which CPU the samples in the next chunk are, and what was lost before them.
/// </summary>
/// <remarks>
/// Little-endian: CPU (4 bytes), flags (4; 1 when the loss was there before the recording began), place of the first
/// sample in the ring (8), place behind the last (8), lost bytes (8), lost samples (8), samples (8), the ring's size
/// (8).
/// </remarks>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="Position">The bytes that had been written to the ring before the first sample.</param>
/// <param name="End">The same behind the last sample.</param>
/// <param name="Loss">The loss before the first sample.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="RingSize">The size of the ring in bytes.</param>
internal readonly record struct RecordedPiece(
    uint Cpu,
    ulong Position,
    ulong End,
    RingLoss Loss,
    ulong Samples,
    ulong RingSize
)
{
    /// <summary>The chunk's size in bytes.</summary>
    public const int Size = 56;

    /// <summary>The chunk of a piece.</summary>
    public static RecordedPiece Of(RingPiece piece) =>
        new((uint)piece.Cpu, piece.Position, piece.End, piece.Loss, (ulong)piece.Count, piece.RingSize);

    /// <summary>Reads the chunk.</summary>
    /// <exception cref="BadDataException">It is too short.</exception>
    public static RecordedPiece Read(ref ByteReader reader)
    {
        uint cpu = reader.ReadUInt32();
        uint flags = reader.ReadUInt32();
        ulong position = reader.ReadUInt64();
        ulong end = reader.ReadUInt64();
        ulong lostBytes = reader.ReadUInt64();
        var loss = new RingLoss(lostBytes, reader.ReadUInt64(), (flags & 1) != 0);
        return new RecordedPiece(cpu, position, end, loss, reader.ReadUInt64(), reader.ReadUInt64());
    }

    /// <summary>Writes the chunk.</summary>
    /// <param name="target">As long as <see cref="Size"/>.</param>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Cpu);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Loss.IsEarlier ? 1U : 0U);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], Position);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], End);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], Loss.Bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], Loss.Samples);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], Samples);
        BinaryPrimitives.WriteUInt64LittleEndian(target[48..], RingSize);
    }
}
