using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Builders.Guests;

/// <summary>Builds small kdump-compressed files.</summary>
internal sealed class KdumpBuilder
{
    private const int BlockSize = 4096;

    private readonly SortedDictionary<ulong, byte[]?> _pages = [];

    public bool Is32Bit { get; init; }

    public uint Status { get; init; } = 1;

    public byte[] Notes { get; init; } = [];

    /// <summary>
    /// The number of pages that the bitmaps have room for; more than the last page's number when memory has holes.
    /// </summary>
    public int PageCount { get; init; } = 64;

    /// <summary>Adds a page; null for a page that the guest has and that was left out of the file.</summary>
    public KdumpBuilder AddPage(ulong page, byte[]? bytes)
    {
        _pages.Add(page, bytes);
        return this;
    }

    public byte[] Build()
    {
        int bitmapBlocks = (PageCount + (BlockSize * 8) - 1) / (BlockSize * 8);
        int notesOffset = BlockSize + 104;
        int bitmapOffset = 2 * BlockSize;
        int descriptors = bitmapOffset + (2 * bitmapBlocks * BlockSize);
        int data = descriptors + (_pages.Values.Count(bytes => bytes is not null) * 24);
        var file = new MemoryStream();
        WriteHeader(file, bitmapBlocks, notesOffset);
        Put(file, notesOffset, Notes);
        byte[] present = new byte[bitmapBlocks * BlockSize];
        byte[] stored = new byte[bitmapBlocks * BlockSize];
        int zeroPage = 0;
        foreach ((ulong page, byte[]? bytes) in _pages)
        {
            present[page / 8] |= (byte)(1 << (int)(page % 8));
            if (bytes is null)
                continue;

            stored[page / 8] |= (byte)(1 << (int)(page % 8));
            byte[] packed = Pack(bytes);
            bool isZero = !bytes.AsSpan().ContainsAnyExcept((byte)0);
            bool isPacked = packed.Length < bytes.Length && !isZero;
            int at = isZero && zeroPage != 0 ? zeroPage : data;
            var descriptor = new DwarfWriter();
            descriptor
                .UInt64((ulong)at)
                .UInt32((uint)(isPacked ? packed.Length : bytes.Length))
                .UInt32(isPacked ? Status : 0)
                .UInt64(0);
            Put(file, descriptors, descriptor.ToArray());
            descriptors += 24;
            if (at == data)
            {
                Put(file, data, isPacked ? packed : bytes);
                data += isPacked ? packed.Length : bytes.Length;
            }

            if (isZero)
                zeroPage = at;
        }

        Put(file, bitmapOffset, present);
        Put(file, bitmapOffset + present.Length, stored);
        return file.ToArray();
    }

    /// <summary>
    /// Returns the flattened form of a file: blocks of a given size, then some blocks that are written a second time,
    /// in QEMU's byte order.
    /// </summary>
    public static byte[] Flatten(byte[] file, int blockSize, bool overlap = false, bool end = true)
    {
        var result = new MemoryStream();
        byte[] header = new byte[4096];
        Encoding.ASCII.GetBytes("makedumpfile").CopyTo(header, 0);
        header[23] = header[31] = 1;
        result.Write(header);
        if (overlap)
            Add(blockSize / 2, new byte[Math.Min(file.Length - (blockSize / 2), 3 * blockSize)]);

        for (int at = 0; at < file.Length; at += blockSize)
            Add(at, file[at..Math.Min(at + blockSize, file.Length)]);

        if (end)
        {
            byte[] mark = new byte[16];
            mark.AsSpan().Fill(0xff);
            result.Write(mark);
        }

        return result.ToArray();

        void Add(long offset, byte[] bytes)
        {
            byte[] block = new byte[16];
            BinaryPrimitives.WriteInt64BigEndian(block, offset);
            BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(8), bytes.Length);
            result.Write(block);
            result.Write(bytes);
        }
    }

    private byte[] Pack(byte[] bytes)
    {
        if (Status == 0x2)
            return LzoPacker.Pack(bytes);

        if (Status == 0x4)
            return Snappier.Snappy.CompressToArray(bytes);

        if (Status == 0x20)
        {
            using var zstd = new ZstdSharp.Compressor();
            return zstd.Wrap(bytes).ToArray();
        }

        var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(bytes);

        return packed.ToArray();
    }

    private static void Put(MemoryStream file, long offset, byte[] bytes)
    {
        file.Position = offset;
        file.Write(bytes);
    }

    private void WriteHeader(MemoryStream file, int bitmapBlocks, int notesOffset)
    {
        var header = new DwarfWriter();
        header.Bytes("KDUMP   "u8).UInt32(6).Bytes(new byte[390]);
        header
            .Bytes(new byte[Is32Bit ? 10 : 22])
            .UInt32(Status)
            .UInt32(BlockSize)
            .UInt32(1)
            .UInt32((uint)(2 * bitmapBlocks));
        header.UInt32((uint)PageCount).Bytes(new byte[20]);
        byte[] bytes = header.ToArray();
        "x86_64"u8.CopyTo(bytes.AsSpan(12 + (4 * 65)));
        Put(file, 0, bytes);
        var sub = new DwarfWriter();
        if (Is32Bit)
            sub.Bytes(new byte[32])
                .UInt64((ulong)notesOffset)
                .UInt32((uint)Notes.Length)
                .Bytes(new byte[28])
                .UInt64((ulong)PageCount);
        else
            sub.Bytes(new byte[48])
                .UInt64((ulong)notesOffset)
                .UInt64((ulong)Notes.Length)
                .Bytes(new byte[32])
                .UInt64((ulong)PageCount);

        Put(file, BlockSize, sub.ToArray());
    }
}
