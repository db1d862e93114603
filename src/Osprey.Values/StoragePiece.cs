using Osprey.Target.Memory;

namespace Osprey.Values;

/// <summary>A part of an object whose parts are in several places.</summary>
/// <param name="Storage">The place of the part.</param>
/// <param name="BitSize">The size of the part in bits.</param>
/// <param name="BitOffset">The first bit of the part in its storage.</param>
internal readonly record struct StoragePiece(ValueStorage Storage, ulong BitSize, ulong BitOffset)
{
    private const int ChunkBits = 64;

    /// <summary>Copies bits of the part to a buffer whose bytes are 0.</summary>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="from">The first bit to copy, from the part's start.</param>
    /// <param name="buffer">The buffer.</param>
    /// <param name="at">The first bit in the buffer to write.</param>
    /// <param name="count">The number of bits.</param>
    /// <returns>The reason why the bits cannot be read; null when they were copied.</returns>
    public ValueProblem? Read(IMemoryReader memory, ulong from, Span<byte> buffer, int at, int count)
    {
        ulong source = BitOffset + from;
        if (source % 8 == 0 && at % 8 == 0 && count % 8 == 0)
            return Storage.Read(memory, source / 8, buffer.Slice(at / 8, count / 8));

        Span<byte> chunk = stackalloc byte[(ChunkBits / 8) + 1];
        for (int done = 0; done < count; done += ChunkBits)
        {
            int bits = Math.Min(ChunkBits, count - done);
            int shift = (int)((source + (ulong)done) & 7);
            Span<byte> bytes = chunk[..((shift + bits + 7) / 8)];
            if (Storage.Read(memory, (source + (ulong)done) / 8, bytes) is { } problem)
                return problem;

            for (int i = 0; i < bits; i++)
            {
                int bit = bytes[(shift + i) / 8] >> ((shift + i) & 7) & 1;
                int target = at + done + i;
                buffer[target / 8] |= (byte)(bit << (target & 7));
            }
        }

        return null;
    }
}
