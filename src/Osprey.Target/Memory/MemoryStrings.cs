namespace Osprey.Target.Memory;

/// <summary>Strings out of a guest's memory.</summary>
public static class MemoryStrings
{
    private const int ChunkSize = 256;

    extension(IMemoryReader memory)
    {
        /// <summary>Reads up to a NUL, at most <paramref name="maxLength"/> bytes without it.</summary>
        /// <returns>Always something: an empty and unreadable one where nothing can be read.</returns>
        public GuestText ReadText(ulong address, int maxLength = 4096)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
            Span<byte> chunk = stackalloc byte[ChunkSize];
            byte[] bytes = [];
            int length = 0;
            while (true)
            {
                // Chunks end where pages may, so that what can't be read costs no second read. One byte more than the
                // maximum is looked at: it may be the NUL.
                int wanted = (int)Math.Min(ChunkSize - (address % ChunkSize), (ulong)(maxLength - length) + 1);
                ReadOnlySpan<byte> found = chunk[..memory.Read(address, chunk[..wanted])];
                int end = found.IndexOf((byte)0);
                ReadOnlySpan<byte> part = end >= 0 ? found[..end] : found[..Math.Min(found.Length, maxLength - length)];
                bytes = [.. bytes.AsSpan(0, length), .. part];
                length += part.Length;
                if (end >= 0)
                    return new GuestText(bytes, GuestTextEnd.Terminated);

                if (part.Length < found.Length)
                    return new GuestText(bytes, GuestTextEnd.Truncated);

                if (found.Length < wanted || ulong.MaxValue - address < (uint)wanted)
                    return new GuestText(bytes, GuestTextEnd.Unreadable);

                address += (uint)wanted;
            }
        }
    }
}
