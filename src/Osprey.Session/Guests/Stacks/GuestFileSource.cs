using Osprey.Binary;

namespace Osprey.Session.Guests.Stacks;

/// <summary>The bytes of a guest's file, out of the guest's memory; not all of its pages need be there.</summary>
/// <remarks>
/// A page that was asked for is kept, and so is the knowledge that it is missing: what a file is said to have does not
/// change while it is used. No room is made for pages that are not there.
/// </remarks>
/// <param name="path">The file's path in the guest.</param>
/// <param name="size">Its size.</param>
/// <param name="tryReadPage">Copies a page by its number; false when it is not in memory.</param>
internal sealed class GuestFileSource(string path, long size, Func<ulong, byte[], bool> tryReadPage) : ByteSource
{
    private const int PageSize = 4096;

    /// <summary>Most bytes that a range with gaps may have.</summary>
    private const long MaxWithGaps = 256 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, byte[]?> _pages = [];
    private readonly HashSet<long> _missing = [];
    private readonly byte[] _buffer = new byte[PageSize];

    /// <inheritdoc/>
    public override string Name => path;

    /// <inheritdoc/>
    public override long Length => size;

    /// <summary>The number of pages whose bytes were asked for and are not in memory.</summary>
    public int MissingPages => _missing.Count;

    /// <summary>
    /// Says that the file has no section headers, and so none of what only they lead to. Reading is then by segments.
    /// </summary>
    public void HideSections()
    {
        if (GetPage(0) is not { } first)
            return;

        first.AsSpan(0x28, 8).Clear(); // e_shoff
        first.AsSpan(0x3c, 4).Clear(); // e_shnum, e_shstrndx
    }

    /// <summary>True when a range is in memory as a whole; where not, that alone is no page missing.</summary>
    public bool Has(long offset, long length) => FindMissing(offset, length) is null;

    /// <inheritdoc/>
    /// <remarks>Fewer bytes are copied also where a page is missing.</remarks>
    public override int Read(long offset, Span<byte> buffer)
    {
        int copied = 0;
        while (copied < buffer.Length && offset >= 0 && offset < size)
        {
            if (GetPage(offset / PageSize) is not { } page)
            {
                _missing.Add(offset / PageSize);
                break;
            }

            int skipped = (int)(offset % PageSize);
            int count = (int)Math.Min(Math.Min(PageSize - skipped, buffer.Length - copied), size - offset);
            page.AsSpan(skipped, count).CopyTo(buffer[copied..]);
            copied += count;
            offset += count;
        }

        return copied;
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Slice(long offset, long length)
    {
        RequireRange(offset, length);
        if (FindMissing(offset, length) is { } missing)
        {
            _missing.Add(missing);
            throw new BadDataException(path, offset, $"not all of {length} bytes are in the guest's memory");
        }

        byte[] bytes = new byte[length];
        Read(offset, bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> SliceWithGaps(long offset, long length, out IReadOnlyList<Range> gaps)
    {
        RequireRange(offset, length);
        List<Range> found = [];
        gaps = found;
        if (length > MaxWithGaps)
            throw new BadDataException(path, offset, $"a part of {length} bytes is over the limit of {MaxWithGaps}");

        byte[] bytes = new byte[length];
        for (int copied = 0; copied < bytes.Length; )
        {
            copied += Read(offset + copied, bytes.AsSpan(copied));
            if (copied == bytes.Length)
                break;

            int gap = (int)Math.Min(PageSize - ((offset + copied) % PageSize), bytes.Length - copied);
            found.Add(copied..(copied + gap));
            copied += gap;
        }

        return bytes;
    }

    private long? FindMissing(long offset, long length)
    {
        for (long page = offset / PageSize; page * PageSize < offset + length; page++)
        {
            if (GetPage(page) is null)
                return page;
        }

        return null;
    }

    private byte[]? GetPage(long number)
    {
        lock (_lock)
        {
            if (_pages.TryGetValue(number, out byte[]? known))
                return known;

            return _pages[number] = tryReadPage((ulong)number, _buffer) ? [.. _buffer] : null;
        }
    }
}
