using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Osprey.Target.Memory.Search;

/// <summary>
/// Finds a pattern in a span: two of its bytes that are rare in memory are looked for by vectors, the rest only where
/// both are.
/// </summary>
internal sealed class PatternScanner
{
    /// <summary>Bytes that memory is full of, most frequent first; all others are taken to be rare.</summary>
    private static readonly byte[] s_frequent =
    [
        0x00,
        0xff,
        0x01,
        0x48,
        0x20,
        0x65,
        0x8b,
        0x89,
        0x02,
        0x74,
        0x61,
        0x0f,
        0x69,
        0x6f,
        0x72,
        0x6e,
        0x73,
        0x24,
        0x08,
        0x10,
        0x04,
        0x40,
        0x03,
        0x80,
        0x6c,
        0x63,
        0x64,
        0x5f,
        0x60,
        0x85,
        0x41,
        0xc0,
        0xe8,
        0x83,
        0x4c,
        0x44,
        0x18,
        0x70,
        0x75,
        0x6d,
    ];

    private readonly MemoryPattern _pattern;
    private readonly int _first;
    private readonly int _second;

    public PatternScanner(MemoryPattern pattern)
    {
        _pattern = pattern;
        _first = FindRarest(-1);
        _second = FindRarest(_first);
    }

    /// <summary>Adds the addresses of matches that start in the first <paramref name="starts"/> bytes.</summary>
    /// <param name="data">
    /// The bytes; those behind <paramref name="starts"/> are only for matches that reach there.
    /// </param>
    /// <param name="starts">How many places to try.</param>
    /// <param name="address">Physical address of the first byte.</param>
    /// <param name="matches">Takes the addresses, lowest first.</param>
    /// <param name="maxMatches">Stops when so many are in it.</param>
    public void Scan(ReadOnlySpan<byte> data, int starts, ulong address, List<ulong> matches, int maxMatches)
    {
        starts = Math.Min(starts, data.Length - _pattern.Length + 1);
        int position = 0;
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        Vector256<byte> firstValue = Vector256.Create(_pattern.Values[_first]);
        Vector256<byte> firstMask = Vector256.Create(_pattern.Masks[_first]);
        Vector256<byte> secondValue = Vector256.Create(_pattern.Values[_second]);
        Vector256<byte> secondMask = Vector256.Create(_pattern.Masks[_second]);

        // All loads end before position + 64 + offset of the anchor, which is inside of data: starts is short of its
        // end by the pattern's length.
        for (; position <= starts - 64; position += 64)
        {
            Vector256<byte> low =
                Vector256.Equals(Vector256.LoadUnsafe(ref bytes, (nuint)(position + _first)) & firstMask, firstValue)
                & Vector256.Equals(
                    Vector256.LoadUnsafe(ref bytes, (nuint)(position + _second)) & secondMask,
                    secondValue
                );
            Vector256<byte> high =
                Vector256.Equals(
                    Vector256.LoadUnsafe(ref bytes, (nuint)(position + _first + 32)) & firstMask,
                    firstValue
                )
                & Vector256.Equals(
                    Vector256.LoadUnsafe(ref bytes, (nuint)(position + _second + 32)) & secondMask,
                    secondValue
                );
            if ((low | high) == Vector256<byte>.Zero)
                continue;

            ulong candidates = low.ExtractMostSignificantBits() | (ulong)high.ExtractMostSignificantBits() << 32;
            for (; candidates != 0; candidates &= unchecked(candidates - 1))
            {
                if (!Check(data, position + BitOperations.TrailingZeroCount(candidates), address, matches, maxMatches))
                    return;
            }
        }

        for (; position < starts; position++)
        {
            if (!Check(data, position, address, matches, maxMatches))
                return;
        }
    }

    /// <returns>False when there are matches enough.</returns>
    private bool Check(ReadOnlySpan<byte> data, int position, ulong address, List<ulong> matches, int maxMatches)
    {
        ulong at = address + (uint)position;
        if ((at & (ulong)(_pattern.Alignment - 1)) != 0 || !IsMatch(data.Slice(position, _pattern.Length)))
            return true;

        if (matches.Count >= maxMatches)
            return false;

        matches.Add(at);
        return matches.Count < maxMatches;
    }

    private bool IsMatch(ReadOnlySpan<byte> data)
    {
        if (_pattern.IsExact)
            return data.SequenceEqual(_pattern.Values);

        ReadOnlySpan<byte> values = _pattern.Values;
        ReadOnlySpan<byte> masks = _pattern.Masks;
        for (int i = 0; i < values.Length; i++)
        {
            if ((data[i] & masks[i]) != values[i])
                return false;
        }

        return true;
    }

    private int FindRarest(int except)
    {
        int best = except < 0 ? 0 : except;
        int bestRank = -1;
        for (int i = 0; i < _pattern.Length; i++)
        {
            // A byte that equals the other anchor says little more: memory has runs of the same byte.
            int rank = Rank(i);
            if (except >= 0 && _pattern.Values[i] == _pattern.Values[except])
                rank /= 4;

            if (i != except && rank > bestRank)
                (best, bestRank) = (i, rank);
        }

        return best;
    }

    /// <summary>Rates how much a byte of the pattern narrows the search down.</summary>
    private int Rank(int index)
    {
        int bits = BitOperations.PopCount(_pattern.Masks[index]);
        if (bits < 7)
            return bits;

        // Of letters in either case the small ones are frequent.
        byte value =
            bits == 8 ? _pattern.Values[index] : (byte)(_pattern.Values[index] | (_pattern.Masks[index] ^ 0xff));
        int frequency = Array.IndexOf(s_frequent, value);
        return frequency < 0 ? 100 + (bits * 10) : 10 + frequency;
    }
}
