using System.Buffers.Binary;
using System.Globalization;

namespace Osprey.Git.Objects;

/// <summary>The name of an object: the hash of its type, size and bytes.</summary>
public readonly record struct ObjectId
{
    /// <summary>The size of the largest name in bytes, that of SHA-256.</summary>
    public const int MaxSize = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;
    private readonly byte _size;

    /// <param name="bytes">The hash, at most <see cref="MaxSize"/> bytes.</param>
    public ObjectId(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[MaxSize];
        padded.Clear();
        bytes.CopyTo(padded);
        _first = BinaryPrimitives.ReadUInt64BigEndian(padded);
        _second = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(padded[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(padded[24..]);
        _size = (byte)bytes.Length;
    }

    /// <summary>Size in bytes: 20 for SHA-1, 32 for SHA-256.</summary>
    public int Size => _size;

    /// <summary>The first byte, by which fan-out tables and folders divide objects.</summary>
    public byte FirstByte => (byte)(_first >> 56);

    /// <summary>Reads a whole name in hexadecimal digits of either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> digits, ObjectFormat format, out ObjectId id)
    {
        ArgumentNullException.ThrowIfNull(format);
        Span<byte> bytes = stackalloc byte[MaxSize];
        bytes = bytes[..format.Size];
        id = default;
        if (digits.Length != 2 * format.Size)
            return false;

        for (int i = 0; i < bytes.Length; i++)
        {
            ReadOnlySpan<char> pair = digits.Slice(2 * i, 2);
            if (!byte.TryParse(pair, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
                return false;
        }

        id = new ObjectId(bytes);
        return true;
    }

    /// <summary>Reads a whole name in hexadecimal digits, as the files of a repository have it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> digits, ObjectFormat format, out ObjectId id)
    {
        Span<char> text = stackalloc char[2 * MaxSize];
        if (digits.Length > text.Length)
        {
            id = default;
            return false;
        }

        for (int i = 0; i < digits.Length; i++)
            text[i] = (char)digits[i];

        return TryParse(text[..digits.Length], format, out id);
    }

    /// <summary>Copies the hash to a buffer of at least <see cref="Size"/> bytes.</summary>
    public void CopyTo(Span<byte> buffer)
    {
        Span<byte> padded = stackalloc byte[MaxSize];
        BinaryPrimitives.WriteUInt64BigEndian(padded, _first);
        BinaryPrimitives.WriteUInt64BigEndian(padded[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(padded[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(padded[24..], _fourth);
        padded[.._size].CopyTo(buffer);
    }

    /// <summary>Returns the hash in lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[MaxSize];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes[.._size]);
    }
}
