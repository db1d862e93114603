using System.Buffers.Binary;
using System.Numerics;

namespace Osprey.Git.Hashing;

/// <summary>SHA-1, as FIPS 180-4 describes it.</summary>
internal sealed class Sha1Hash : BlockHash
{
    /// <summary>The hash's size in bytes.</summary>
    public const int Size = 20;

    private const int Rounds = 80;

    private readonly uint[] _state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

    protected override void AddBlock(ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[Rounds];
        for (int i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);

        for (int i = 16; i < Rounds; i++)
            words[i] = BitOperations.RotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);

        uint a = _state[0];
        uint b = _state[1];
        uint c = _state[2];
        uint d = _state[3];
        uint e = _state[4];
        unchecked
        {
            int round = 0;
            for (; round < 20; round++)
                Advance((b & c) | (~b & d), 0x5a827999, words[round]);

            for (; round < 40; round++)
                Advance(b ^ c ^ d, 0x6ed9eba1, words[round]);

            for (; round < 60; round++)
                Advance((b & c) | (b & d) | (c & d), 0x8f1bbcdc, words[round]);

            for (; round < Rounds; round++)
                Advance(b ^ c ^ d, 0xca62c1d6, words[round]);

            _state[0] += a;
            _state[1] += b;
            _state[2] += c;
            _state[3] += d;
            _state[4] += e;
        }

        void Advance(uint mixed, uint constant, uint word)
        {
            uint next = unchecked(BitOperations.RotateLeft(a, 5) + mixed + e + constant + word);
            e = d;
            d = c;
            c = BitOperations.RotateLeft(b, 30);
            b = a;
            a = next;
        }
    }

    protected override int WriteState(Span<byte> result)
    {
        for (int i = 0; i < _state.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(result[(4 * i)..], _state[i]);

        return Size;
    }
}
