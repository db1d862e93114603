using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Osprey.Target.Memory.Search;

/// <summary>The bytes to search for, each with a mask of the bits that count.</summary>
public sealed class MemoryPattern
{
    /// <summary>Longest pattern in bytes.</summary>
    public const int MaxLength = 4096;

    private readonly byte[] _values;
    private readonly byte[] _masks;

    private MemoryPattern(byte[] values, byte[] masks, int alignment = 1)
    {
        if (values.Length is 0 or > MaxLength)
            throw new ArgumentException(
                $"a pattern of {values.Length} bytes; expected 1 to {MaxLength}",
                nameof(values)
            );

        for (int i = 0; i < values.Length; i++)
            values[i] &= masks[i];

        _values = values;
        _masks = masks;
        Alignment = alignment;
        IsExact = !masks.AsSpan().ContainsAnyExcept((byte)0xff);
    }

    /// <summary>Its length in bytes.</summary>
    public int Length => _values.Length;

    /// <summary>Matches start at physical addresses that this divides.</summary>
    public int Alignment { get; }

    /// <summary>Tells whether all bits of all bytes count.</summary>
    public bool IsExact { get; }

    internal ReadOnlySpan<byte> Values => _values;

    internal ReadOnlySpan<byte> Masks => _masks;

    /// <summary>Exactly these bytes.</summary>
    public static MemoryPattern FromBytes(ReadOnlySpan<byte> bytes) => new(bytes.ToArray(), Ones(bytes.Length));

    /// <summary>These bytes in the bits that <paramref name="masks"/> has.</summary>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public static MemoryPattern FromBytes(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> masks) =>
        masks.Length == bytes.Length
            ? new MemoryPattern(bytes.ToArray(), masks.ToArray())
            : throw new ArgumentException("a mask of another length", nameof(masks));

    /// <summary>A little-endian integer at addresses that its size divides.</summary>
    /// <param name="value">Its value; what is over its size must be 0 or copies of its sign.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="aligned">False finds it at any address.</param>
    public static MemoryPattern FromInteger(ulong value, int size, bool aligned = true)
    {
        if (size is not (1 or 2 or 4 or 8))
            throw new ArgumentOutOfRangeException(nameof(size));

        long above = unchecked((long)value) >> ((size * 8) - 1);
        if (size < 8 && above is not (0 or 1 or -1) && value >> (size * 8) != 0)
            throw new ArgumentOutOfRangeException(nameof(value));

        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return new MemoryPattern(bytes[..size], Ones(size), aligned ? size : 1);
    }

    /// <summary>Text in UTF-8, or in UTF-16 as Windows and Java have it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="utf16">Whether two bytes make a character.</param>
    /// <param name="ignoreCase">Whether A to Z are the same as a to z; other letters never are.</param>
    public static MemoryPattern FromText(string text, bool utf16 = false, bool ignoreCase = false)
    {
        byte[] values = (utf16 ? Encoding.Unicode : Encoding.UTF8).GetBytes(text);
        byte[] masks = Ones(values.Length);
        int step = utf16 ? 2 : 1;
        for (int i = 0; ignoreCase && i < values.Length; i += step)
        {
            if (char.IsAsciiLetter((char)values[i]) && (!utf16 || values[i + 1] == 0))
                masks[i] = 0xdf;
        }

        return new MemoryPattern(values, masks);
    }

    /// <summary>
    /// Parses hexadecimal digits, with ? for those that don't matter and spaces between bytes: <c>48 8b ?? 0?</c>.
    /// </summary>
    public static bool TryParseHex(string text, [NotNullWhen(true)] out MemoryPattern? pattern)
    {
        pattern = null;
        string digits = text.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length % 2 != 0 || digits.Length is 0 or > MaxLength * 2)
            return false;

        byte[] values = new byte[digits.Length / 2];
        byte[] masks = new byte[values.Length];
        for (int i = 0; i < digits.Length; i++)
        {
            int shift = i % 2 == 0 ? 4 : 0;
            if (digits[i] == '?')
                continue;

            if (
                !byte.TryParse(
                    digits.AsSpan(i, 1),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out byte digit
                )
            )
                return false;

            values[i / 2] |= (byte)(digit << shift);
            masks[i / 2] |= (byte)(0xf << shift);
        }

        pattern = new MemoryPattern(values, masks);
        return true;
    }

    private static byte[] Ones(int length)
    {
        byte[] masks = new byte[length];
        masks.AsSpan().Fill(0xff);
        return masks;
    }
}
