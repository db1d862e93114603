using System.Buffers.Binary;
using Osprey.Binary;

namespace Osprey.Target.Backends.CoreFile.Kdump;

/// <summary>
/// A file in the "flattened" form of makedumpfile, which QEMU writes all its kdump files in, seen as the file that it
/// stands for.
/// </summary>
/// <remarks>
/// 4,096 bytes of header, then blocks: where the bytes belong and how many they are (64-bit, big-endian), and the
/// bytes. Later blocks write over earlier ones; what no block has is 0, as in a file with holes. Only the blocks'
/// headers are read.
/// </remarks>
internal sealed class FlattenedSource : ByteSource
{
    private const int HeaderSize = 4096;
    private const int BlockHeaderSize = 16;
    private const int MaxBlocks = 1 << 26;

    private readonly ByteSource _file;
    private readonly FlattenedPieces _pieces;

    private FlattenedSource(ByteSource file, FlattenedPieces pieces, bool isComplete)
    {
        _file = file;
        _pieces = pieces;
        IsComplete = isComplete;
        Length = pieces.End;
    }

    /// <summary>The first bytes of such a file.</summary>
    public static ReadOnlySpan<byte> Signature => "makedumpfile\0\0\0\0"u8;

    /// <inheritdoc/>
    public override string Name => _file.Name;

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>
    /// Tells whether the mark of the end is there; else the file was cut short, and what is there can be read.
    /// </summary>
    public bool IsComplete { get; }

    /// <summary>Reads the headers of all blocks. The file is owned from then on.</summary>
    public static FlattenedSource Open(ByteSource file)
    {
        var pieces = new FlattenedPieces();
        Span<byte> header = stackalloc byte[BlockHeaderSize];
        long position = HeaderSize;
        bool isComplete = false;
        while (file.Read(position, header) == BlockHeaderSize)
        {
            long offset = BinaryPrimitives.ReadInt64BigEndian(header);
            long size = BinaryPrimitives.ReadInt64BigEndian(header[8..]);
            if (offset == -1)
            {
                isComplete = true;
                break;
            }

            if (offset < 0 || size <= 0 || offset > long.MaxValue - size)
                throw new BadDataException(file.Name, position, $"a block of {size} bytes for offset {offset}");

            if (pieces.Count == MaxBlocks)
                throw new BadDataException(file.Name, position, $"more than {MaxBlocks} blocks");

            long have = Math.Min(size, file.Length - position - BlockHeaderSize);
            if (have > 0)
                pieces.Add(offset, have, position + BlockHeaderSize);

            if (have < size)
                break;

            position += BlockHeaderSize + size;
        }

        pieces.Sort();
        return new FlattenedSource(file, pieces, isComplete);
    }

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset >= Length)
            return 0;

        int wanted = (int)Math.Min(buffer.Length, Length - offset);
        int total = 0;
        while (total < wanted)
        {
            long size = _pieces.Find(offset + total, out long at);
            int count = (int)Math.Min(size, wanted - total);
            if (at < 0)
                buffer.Slice(total, count).Clear();
            else if (_file.Read(at, buffer.Slice(total, count)) < count)
                return total;

            total += count;
        }

        return total;
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Slice(long offset, long length)
    {
        RequireRange(offset, length);
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)length);
        Read(offset, bytes);
        return bytes;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();

        base.Dispose(disposing);
    }
}
