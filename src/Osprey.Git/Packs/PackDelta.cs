using Osprey.Binary;

namespace Osprey.Git.Packs;

/// <summary>
/// A delta: the sizes of base and result, then instructions that copy parts of the base or insert new bytes
/// (gitformat-pack).
/// </summary>
internal static class PackDelta
{
    private const int CopyFlag = 0x80;
    private const int CopyOfSizeZero = 0x10000;

    /// <summary>Reads the size of the result without applying the delta.</summary>
    /// <exception cref="BadDataException">The delta is cut short.</exception>
    public static ulong ReadResultSize(ReadOnlySpan<byte> delta, string source, long offset)
    {
        var reader = new ByteReader(delta, source, offset);
        reader.ReadUleb128();
        return reader.ReadUleb128();
    }

    /// <summary>Applies a delta.</summary>
    /// <param name="original">The base.</param>
    /// <param name="delta">The delta.</param>
    /// <param name="source">The pack's name, for errors.</param>
    /// <param name="offset">The entry's offset, for errors.</param>
    /// <param name="limits">The limits.</param>
    /// <exception cref="BadDataException">The delta is malformed, or not one of this base.</exception>
    public static byte[] Apply(
        ReadOnlySpan<byte> original,
        ReadOnlySpan<byte> delta,
        string source,
        long offset,
        GitLimits limits
    )
    {
        var reader = new ByteReader(delta, source, offset);
        ulong baseSize = reader.ReadUleb128();
        if (baseSize != (ulong)original.Length)
            throw Bad($"a delta of a base of {baseSize} bytes, but the base has {original.Length}");

        ulong size = reader.ReadUleb128();
        if (size > (ulong)limits.MaxObjectSize)
            throw Bad($"{size} bytes are over the limit of {limits.MaxObjectSize}");

        // Sizes are added up before anything is allocated: a few bytes may claim much.
        RequireSize(reader, original.Length, (long)size);
        byte[] result = new byte[size];
        int written = 0;
        while (!reader.IsAtEnd)
        {
            int code = reader.ReadByte();
            ReadOnlySpan<byte> part;
            if ((code & CopyFlag) != 0)
            {
                (uint start, int length) = ReadCopy(ref reader, code);
                part = original.Slice((int)start, length);
            }
            else
            {
                part = reader.ReadBytes((ulong)code);
            }

            part.CopyTo(result.AsSpan(written));
            written += part.Length;
        }

        return result;

        BadDataException Bad(string problem) => new(source, offset, problem);
    }

    private static void RequireSize(ByteReader reader, int baseSize, long size)
    {
        long sum = 0;
        while (!reader.IsAtEnd)
        {
            int code = reader.ReadByte();
            if (code == 0)
                reader.ThrowBad("delta instruction 0 is reserved");

            if ((code & CopyFlag) != 0)
            {
                (uint start, int length) = ReadCopy(ref reader, code);
                if (start > baseSize || length > baseSize - start)
                    reader.ThrowBad($"a delta that copies {length} bytes at {start} of a base of {baseSize}");

                sum += length;
            }
            else
            {
                reader.Skip((ulong)code);
                sum += code;
            }
        }

        if (sum != size)
            reader.ThrowBad($"a delta that makes {sum} bytes, expected {size}");
    }

    /// <summary>Reads the bytes of offset and size that the flags of a copy say are there.</summary>
    private static (uint Start, int Length) ReadCopy(ref ByteReader reader, int code)
    {
        uint start = 0;
        for (int i = 0; i < 4; i++)
        {
            if ((code & (1 << i)) != 0)
                start |= (uint)reader.ReadByte() << (8 * i);
        }

        int length = 0;
        for (int i = 0; i < 3; i++)
        {
            if ((code & (0x10 << i)) != 0)
                length |= reader.ReadByte() << (8 * i);
        }

        return (start, length == 0 ? CopyOfSizeZero : length);
    }
}
