using Osprey.Target.Memory;

namespace Osprey.Session.Guests;

/// <summary>
/// Reads a range of any size piece by piece, and tells the pieces that can't be read from the others.
/// </summary>
internal static class MemoryChunks
{
    private const int MaxChunkSize = 1 << 20;
    private const ulong PageSize = 4096;

    /// <summary>
    /// Reads a range front to back. Memory is mapped by pages, so a piece that can't be read ends with a page.
    /// </summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">The first address.</param>
    /// <param name="size">The number of bytes; those that would lie behind the last address are left out.</param>
    /// <param name="visit">
    /// Gets each piece: its address, its size, and its bytes, none when it can't be read. False ends the walk.
    /// </param>
    public static void Read(IMemoryReader memory, ulong address, ulong size, ChunkVisitor visit)
    {
        ulong toEnd = unchecked(0 - address); // 0 stands for 2^64
        ulong left = toEnd == 0 ? size : Math.Min(size, toEnd);
        byte[] buffer = new byte[(int)Math.Min(left, MaxChunkSize)];
        while (left > 0)
        {
            int wanted = (int)Math.Min(left, (ulong)buffer.Length);
            int count = memory.Read(address, buffer.AsSpan(0, wanted));
            if (count > 0 && !visit(address, (ulong)count, buffer.AsSpan(0, count)))
                return;

            address = unchecked(address + (ulong)count);
            left -= (ulong)count;
            if (count == wanted)
                continue;

            ulong gap = Math.Min(left, PageSize - (address % PageSize));
            if (!visit(address, gap, []))
                return;

            address = unchecked(address + gap);
            left -= gap;
        }
    }

    /// <summary>Takes one piece of a range.</summary>
    public delegate bool ChunkVisitor(ulong address, ulong size, ReadOnlySpan<byte> bytes);
}
