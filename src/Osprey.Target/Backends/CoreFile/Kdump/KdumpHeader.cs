using System.Numerics;
using System.Text;
using Osprey.Binary;

namespace Osprey.Target.Backends.CoreFile.Kdump;

/// <summary>
/// The places of things in a kdump-compressed file (the "diskdump" format of makedumpfile, which QEMU writes too).
/// </summary>
/// <remarks>
/// A header in block 0, a sub-header from block 1, two bitmaps of pages, one descriptor for each page that is in the
/// file, the pages. A 32-bit maker's header is 12 bytes shorter in the middle; only plausibility tells the two apart.
/// </remarks>
internal sealed record KdumpHeader(
    string Machine,
    uint Status,
    int BlockSize,
    ulong PageCount,
    long BitmapOffset,
    long BitmapSize,
    long DescriptorsOffset,
    long NotesOffset,
    long NotesSize
)
{
    private const int StatusOffset64 = 424;
    private const int StatusOffset32 = 412;
    private const int MachineOffset = 12 + (4 * 65);
    private const int MaxNotesSize = 64 << 20;
    private const long MaxBitmapSize = 1L << 32; // of 32 Gi pages: 128 TiB

    /// <summary>The first bytes of such a file.</summary>
    public static ReadOnlySpan<byte> Signature => "KDUMP   "u8;

    public static KdumpHeader Read(ByteSource source)
    {
        Span<byte> bytes = stackalloc byte[464];
        bytes = bytes[..source.Read(0, bytes)];
        var reader = new ByteReader(bytes, source.Name);
        reader.Seek(8);
        uint version = reader.ReadUInt32();
        reader.Seek(MachineOffset);
        string machine = Encoding.ASCII.GetString(reader.ReadBytes(65)).TrimEnd('\0');
        if (TryRead(source, bytes, StatusOffset64, machine, version) is { } wide)
            return wide;

        return TryRead(source, bytes, StatusOffset32, machine, version)
            ?? throw new BadDataException(
                source.Name,
                StatusOffset64,
                "no block size, sub-header size and bitmap size that fit together"
            );
    }

    private static KdumpHeader? TryRead(
        ByteSource source,
        ReadOnlySpan<byte> bytes,
        int statusOffset,
        string machine,
        uint version
    )
    {
        bool is64 = statusOffset == StatusOffset64;
        var reader = new ByteReader(bytes, source.Name);
        reader.Seek((ulong)statusOffset);
        uint status = reader.ReadUInt32();
        uint blockSize = reader.ReadUInt32();
        uint subHeaderBlocks = reader.ReadUInt32();
        uint bitmapBlocks = reader.ReadUInt32();
        ulong pageCount = reader.ReadUInt32();
        if (
            blockSize is < 4096 or > 65536
            || !BitOperations.IsPow2(blockSize)
            || subHeaderBlocks is 0 or > 65536
            || bitmapBlocks < 2
        )
            return null;

        Span<byte> sub = stackalloc byte[104];
        sub.Clear();
        source.Read(blockSize, sub);
        var subReader = new ByteReader(sub, source.Name, blockSize);
        (long notesOffset, long notesSize) = version < 4 ? (0, 0) : ReadNotesPlace(ref subReader, is64);
        if (version >= 6)
        {
            subReader.Seek(is64 ? 96UL : 72);
            ulong wide = subReader.ReadUInt64();
            pageCount = wide != 0 ? wide : pageCount;
        }

        // Half of the blocks is for the first bitmap, half for the second.
        long bitmapSize = bitmapBlocks / 2 * (long)blockSize;
        if (bitmapSize > MaxBitmapSize)
            throw new BadDataException(
                source.Name,
                statusOffset + 12,
                $"bitmaps of {bitmapSize} bytes are over the limit of {MaxBitmapSize}"
            );

        long bitmapOffset = (1L + subHeaderBlocks) * blockSize;
        return new KdumpHeader(
            machine,
            status,
            (int)blockSize,
            Math.Min(pageCount, (ulong)bitmapSize * 8),
            bitmapOffset,
            bitmapSize,
            bitmapOffset + (bitmapBlocks * (long)blockSize),
            notesOffset,
            notesSize
        );
    }

    private static (long Offset, long Size) ReadNotesPlace(ref ByteReader reader, bool is64)
    {
        reader.Seek(is64 ? 48UL : 32);
        ulong offset = reader.ReadUInt64();
        ulong size = is64 ? reader.ReadUInt64() : reader.ReadUInt32();
        return offset > long.MaxValue ? (0, 0) : ((long)offset, (long)Math.Min(size, MaxNotesSize));
    }
}
