using System.Buffers.Binary;
using Osprey.Binary;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.CoreFile.Kdump;

/// <summary>
/// The pages of a kdump file, unpacked when asked for. Keeps the last one; more is for a cache above it.
/// </summary>
/// <remarks>
/// <para>
/// A dump may be larger than this host's memory, and a question is about few pages of it. So nothing is unpacked,
/// listed
/// or indexed when the file is opened; only the bitmaps are read, for the ranges of memory.
/// </para>
/// <para>
/// The way from an address to its bytes, as makedumpfile's documents give it (IMPLEMENTATION, diskdump_mod.h): the
/// page's number; its bit in the second bitmap, which says that the file has the page (the first says that the guest
/// has
/// it: pages that were filtered out are in the first only); the number of set bits before it, which is the number of
/// its descriptor (<see cref="KdumpBitmap"/> keeps partial sums, so that this needs one small read); the descriptor,
/// which has the place, the size and the way of packing; the packed bytes.
/// </para>
/// <para>
/// Each page names its own way of packing: a page that would grow is stored as it is, whatever the file's header says.
/// A page that was filtered out and one that is damaged are both unreadable, never zeros; damage is counted and said.
/// Several descriptors may name the same bytes (makedumpfile writes one page of zeros for all), so an order of places
/// is not asked for.
/// </para>
/// <para>
/// Invariants: a page is given whole or not at all; packed bytes are at most a page; what is kept is right for
/// <c>_last</c> only. Files in the flattened form come here through <see cref="FlattenedSource"/>.
/// </para>
/// </remarks>
internal sealed class KdumpMemory : IPhysicalMemory, IDisposable
{
    private const int DescriptorSize = 24;
    private const int MaxDamagedPages = 1 << 16;

    private readonly ByteSource _source;
    private readonly KdumpHeader _header;
    private readonly KdumpBitmap _present;
    private readonly byte[] _page;
    private readonly byte[] _packed;
    private readonly HashSet<ulong> _damaged = [];
    private readonly PageUnpacker _unpacker = new();
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

    /// <inheritdoc/>
    public void Dispose() => _unpacker.Dispose();

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
        if (offset <= 0 || size == 0 || size > (uint)_page.Length)
            return false;

        uint way = flags & PageUnpacker.AnyWay;
        Span<byte> bytes = (way != 0 ? _packed : _page).AsSpan(0, (int)size);
        if (_source.Read(offset, bytes) < bytes.Length)
            return false;

        return way == 0 ? size == (uint)_page.Length : _unpacker.TryUnpack(way, _packed, (int)size, _page);
    }
}
