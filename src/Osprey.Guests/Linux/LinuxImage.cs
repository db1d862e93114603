using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>A Linux kernel's image in memory, where what the kernel says of itself is looked for.</summary>
/// <remarks>It has gaps: what only its start needs is given back and unmapped later.</remarks>
/// <param name="memory">The kernel's memory.</param>
/// <param name="start">The image's first byte.</param>
internal sealed class LinuxImage(IMemoryReader memory, ulong start)
{
    /// <summary>Most bytes that an image takes; real ones have up to 64 MiB.</summary>
    public const int MaxSize = 128 << 20;

    private const int ChunkSize = 256 << 10;
    private const int PageSize = 4 << 10;
    private const int LargePageSize = 2 << 20;

    /// <summary>Its first byte.</summary>
    public ulong Start => start;

    /// <summary>True for an address in it.</summary>
    public bool Contains(ulong address) => address >= start && address - start < MaxSize;

    /// <summary>Finds the places of some bytes, in order.</summary>
    /// <param name="pattern">The bytes, fewer than a page.</param>
    /// <param name="from">The address to begin at: the start of the image, or a page of it.</param>
    /// <param name="accept">Called for each place until it returns true.</param>
    public void Search(ReadOnlySpan<byte> pattern, ulong from, Func<ulong, bool> accept)
    {
        byte[] buffer = new byte[ChunkSize + PageSize];
        int kept = 0; // bytes of the buffer that end the chunk before
        int missing = 0; // pages in a row
        for (int offset = (int)(from - start); offset < MaxSize; )
        {
            int wanted = Math.Min(ChunkSize, MaxSize - offset);
            int count = memory.Read(start + (uint)offset, buffer.AsSpan(kept, wanted));
            ReadOnlySpan<byte> chunk = buffer.AsSpan(0, kept + count);
            ulong address = start + (uint)(offset - kept);
            int searched = 0;
            while (chunk[searched..].IndexOf(pattern) is int at and >= 0)
            {
                searched += at + 1;
                if (accept(address + (uint)(searched - 1)))
                    return;
            }

            if (count < wanted)
            {
                // Behind the end of what is mapped, the next page may be mapped again. Sections that are larger than
                // a large page begin at one.
                missing = count == 0 ? missing + 1 : 1;
                int step = missing < LargePageSize / PageSize ? PageSize : LargePageSize;
                kept = 0;
                offset = (offset + count + step) & ~(step - 1);
                continue;
            }

            missing = 0;
            kept = Math.Min(pattern.Length - 1, chunk.Length);
            chunk[^kept..].CopyTo(buffer);
            offset += count;
        }
    }

    /// <summary>Reads bytes, all or none.</summary>
    /// <returns>Null when they can't be read or lie outside of the image.</returns>
    public byte[]? TryRead(ulong address, long size)
    {
        if (size is < 0 or > MaxSize || !Contains(address) || address - start > (ulong)(MaxSize - size))
            return null;

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)size);
        return memory.Read(address, bytes) == bytes.Length ? bytes : null;
    }

    /// <summary>Reads the bytes before an address: as many as are wanted, or fewer where memory begins later.</summary>
    public byte[] ReadBefore(ulong address, int size)
    {
        if (!Contains(address))
            return [];

        size = (int)Math.Min((ulong)size, address - start);
        byte[] bytes = new byte[size];
        int left = size;
        for (int step = ChunkSize; left > 0 && step >= PageSize; )
        {
            // The last pieces are whole pages.
            ulong end = address - (uint)(size - left);
            int part = step == PageSize && end % PageSize != 0 ? (int)(end % PageSize) : step;
            int count = Math.Min(part, left);
            if (memory.Read(end - (uint)count, bytes.AsSpan(left - count, count)) == count)
                left -= count;
            else if (step > PageSize)
                step /= 4;
            else
                break;
        }

        return left == 0 ? bytes : bytes[left..]; // a part is a copy
    }

    /// <summary>True when memory at an address begins with some bytes.</summary>
    public bool StartsWith(ulong address, ReadOnlySpan<byte> bytes)
    {
        Span<byte> found = stackalloc byte[64];
        found = found[..bytes.Length];
        return memory.Read(address, found) == found.Length && found.SequenceEqual(bytes);
    }
}
