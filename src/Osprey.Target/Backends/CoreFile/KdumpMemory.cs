using System.Buffers.Binary;
using System.IO.Compression;
using Osprey.Binary;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>
/// The pages of a kdump file, unpacked when asked for. Keeps the last one; more is for a cache above it.
/// </summary>
internal sealed class KdumpMemory : IPhysicalMemory
{
    private const int DescriptorSize = 24;
    private const int MaxDamagedPages = 1 << 16;
    private const uint CompressedByZlib = 1; // DUMP_DH_COMPRESSED_ZLIB
    private const uint CompressedOtherwise = 0x2 | 0x4 | 0x20; // LZO, snappy, zstd

    private readonly ByteSource _source;
    private readonly KdumpHeader _header;
    private readonly KdumpBitmap _present;
    private readonly byte[] _page;
    private readonly byte[] _packed;
    private readonly HashSet<ulong> _damaged = [];
    private ulong _last = ulong.MaxValue;

    public KdumpMemory(ByteSource source, KdumpHeader header)
    {
        _source = source;
        _header = header;
        _present = new KdumpBitmap(source, header.BitmapOffset + header.BitmapSize, header.PageCount);
        _page = new byte[header.BlockSize];
        _packed = new byte[header.BlockSize];

        // The first bitmap is of the pages that the guest has, the second of those that are in the file.
        Blocks = new KdumpBitmap(source, header.BitmapOffset, header.PageCount).FindBlocks(header.BlockSize);
    }

    /// <inheritdoc/>
    public IReadOnlyList<MemoryBlock> Blocks { get; }

    /// <summary>Pages that could not be unpacked so far: damage. No more than 65,536 are counted.</summary>
    public int DamagedPages => _damaged.Count;

    /// <inheritdoc/>
    public int Read(PhysicalAddress address, Span<byte> buffer)
    {
        int total = 0;
        ulong pageSize = (ulong)_header.BlockSize;
        ulong position = address.Value;
        while (total < buffer.Length)
        {
            int inPage = (int)(position % pageSize);
            if (!TryLoad(position / pageSize))
                break;

            int count = Math.Min(_page.Length - inPage, buffer.Length - total);
            _page.AsSpan(inPage, count).CopyTo(buffer[total..]);
            total += count;
            position += (uint)count;
        }

        return total;
    }

    private bool TryLoad(ulong page)
    {
        if (_last == page)
            return true;

        if (_damaged.Contains(page) || !_present.TryGetRank(page, out long rank))
            return false;

        _last = ulong.MaxValue;
        Span<byte> descriptor = stackalloc byte[DescriptorSize];
        if (_source.Read(_header.DescriptorsOffset + (rank * DescriptorSize), descriptor) < DescriptorSize)
            return false;

        long offset = BinaryPrimitives.ReadInt64LittleEndian(descriptor);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(descriptor[8..]);
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(descriptor[12..]);
        if (!TryUnpack(offset, size, flags))
        {
            if (_damaged.Count < MaxDamagedPages)
                _damaged.Add(page);

            return false;
        }

        _last = page;
        return true;
    }

    private bool TryUnpack(long offset, uint size, uint flags)
    {
        if (offset <= 0 || size == 0 || size > (uint)_page.Length || (flags & CompressedOtherwise) != 0)
            return false;

        bool isPacked = (flags & CompressedByZlib) != 0;
        Span<byte> bytes = (isPacked ? _packed : _page).AsSpan(0, (int)size);
        if (_source.Read(offset, bytes) < bytes.Length)
            return false;

        if (!isPacked)
            return size == (uint)_page.Length;

        try
        {
            using var stream = new ZLibStream(new MemoryStream(_packed, 0, (int)size), CompressionMode.Decompress);
            return stream.ReadAtLeast(_page, _page.Length, throwOnEndOfStream: false) == _page.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
