using System.Buffers.Binary;
using Osprey.Git.Objects;

namespace Osprey.Git.Hashing;

/// <summary>
/// A hash of the SHA family (FIPS 180-4) over blocks of 64 bytes: collects blocks and pads the last one.
/// </summary>
/// <remarks>
/// The runtime's own classes load OpenSSL, which takes longer than reading a file out of a repository does, and which a
/// host need not have.
/// </remarks>
internal abstract class BlockHash
{
    private const int BlockSize = 64;
    private const int LengthSize = 8;

    private readonly byte[] _block = new byte[BlockSize];
    private long _length;

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        int filled = (int)(_length % BlockSize);
        _length += data.Length;
        if (filled > 0)
        {
            int taken = Math.Min(BlockSize - filled, data.Length);
            data[..taken].CopyTo(_block.AsSpan(filled));
            data = data[taken..];
            if (filled + taken < BlockSize)
                return;

            AddBlock(_block);
        }

        for (; data.Length >= BlockSize; data = data[BlockSize..])
            AddBlock(data[..BlockSize]);

        data.CopyTo(_block);
    }

    /// <summary>Ends the message.</summary>
    public ObjectId Finish()
    {
        int filled = (int)(_length % BlockSize);
        _block[filled++] = 0x80;
        if (filled > BlockSize - LengthSize)
        {
            _block.AsSpan(filled).Clear();
            AddBlock(_block);
            filled = 0;
        }

        _block.AsSpan(filled).Clear();
        BinaryPrimitives.WriteInt64BigEndian(_block.AsSpan(BlockSize - LengthSize), _length * 8);
        AddBlock(_block);
        Span<byte> result = stackalloc byte[ObjectId.MaxSize];
        return new ObjectId(result[..WriteState(result)]);
    }

    /// <summary>Adds a block of 64 bytes to the state.</summary>
    protected abstract void AddBlock(ReadOnlySpan<byte> block);

    /// <summary>Writes the state as the hash.</summary>
    /// <returns>The hash's size in bytes.</returns>
    protected abstract int WriteState(Span<byte> result);
}
