using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Osprey.Traces.Text;

/// <summary>Builds UTF-8 text in a buffer that grows and is used again: what makes a listing fast.</summary>
public sealed class Utf8Builder
{
    private const int HexDigits = 16;

    private byte[] _buffer;

    /// <param name="capacity">Initial size of the buffer in bytes.</param>
    public Utf8Builder(int capacity = 256) => _buffer = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes that were written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Forgets what was written; the buffer stays.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets what was written behind <paramref name="length"/> bytes.</summary>
    internal void Truncate(int length) => Length = Math.Min(Length, length);

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Written);

    /// <summary>Writes UTF-8 text.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(ReserveSpan(text.Length));
        Length += text.Length;
    }

    /// <summary>Writes one byte.</summary>
    public void Append(byte value)
    {
        Reserve(1) = value;
        Length++;
    }

    /// <summary>Writes text as UTF-8.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        Span<byte> target = ReserveSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, target);
    }

    /// <summary>
    /// Writes <paramref name="value"/> <paramref name="count"/> times; a count below 1 writes nothing.
    /// </summary>
    public void AppendRepeated(byte value, int count)
    {
        if (count <= 0)
            return;

        ReserveSpan(count)[..count].Fill(value);
        Length += count;
    }

    /// <summary>
    /// Writes bytes that should be UTF-8; each part that is not becomes U+FFFD, so that the output always is.
    /// </summary>
    internal void AppendText(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text) || System.Text.Unicode.Utf8.IsValid(text))
            Append(text);
        else
            Append(Encoding.UTF8.GetString(text));
    }

    /// <summary>
    /// Writes text on the left of a field of <paramref name="width"/> characters; longer text is not cut.
    /// </summary>
    public void AppendLeft(ReadOnlySpan<byte> text, int width)
    {
        AppendText(text);
        AppendRepeated((byte)' ', width - CountCharacters(text));
    }

    /// <summary>
    /// Writes text on the right of a field of <paramref name="width"/> characters; longer text is not cut.
    /// </summary>
    public void AppendRight(ReadOnlySpan<byte> text, int width)
    {
        AppendRepeated((byte)' ', width - CountCharacters(text));
        AppendText(text);
    }

    /// <summary>Writes a number, on the right of a field of <paramref name="width"/> characters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AppendDecimal(ulong value, int width = 0, byte fill = (byte)' ')
    {
        unchecked
        {
            int digits = CountDigits(value);
            int total = Math.Max(digits, width);
            ref byte start = ref Reserve(total);
            for (int i = total - digits - 1; i >= 0; i--)
                Unsafe.Add(ref start, i) = fill;

            ref byte pairs = ref MemoryMarshal.GetReference(DigitPairs);
            int end = total;
            while (value >= 100)
            {
                ulong rest = value / 100;
                uint pair = (uint)(value - (rest * 100)) * 2;
                end -= 2;
                CopyTwo(ref Unsafe.Add(ref pairs, pair), ref Unsafe.Add(ref start, end));
                value = rest;
            }

            if (value >= 10)
                CopyTwo(ref Unsafe.Add(ref pairs, (uint)value * 2), ref Unsafe.Add(ref start, end - 2));
            else
                Unsafe.Add(ref start, end - 1) = (byte)('0' + value);
            Length += total;
        }
    }

    /// <summary>
    /// Writes a number in lower-case hexadecimal with at least <paramref name="minDigits"/> digits, without <c>0x</c>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AppendHex(ulong value, int minDigits = 1)
    {
        int count = Math.Max(minDigits, Math.Max(1, (67 - BitOperations.LeadingZeroCount(value)) / 4));
        AppendRepeated((byte)'0', count - HexDigits);
        count = Math.Min(count, HexDigits);

        // All sixteen digits are made and the last ones taken; a copy of all sixteen takes no call.
        Span<byte> digits = stackalloc byte[HexDigits];
        BinaryPrimitives.WriteUInt64BigEndian(digits, ToHexDigits((uint)(value >> 32)));
        BinaryPrimitives.WriteUInt64BigEndian(digits[8..], ToHexDigits(unchecked((uint)value)));
        ref byte target = ref Reserve(HexDigits);
        if (count == HexDigits)
            digits.CopyTo(MemoryMarshal.CreateSpan(ref target, HexDigits));
        else
            digits[^count..].CopyTo(MemoryMarshal.CreateSpan(ref target, HexDigits));
        Length += count;
    }

    /// <summary>Writes a number in octal with at least <paramref name="minDigits"/> digits.</summary>
    internal void AppendOctal(ulong value, int minDigits = 1)
    {
        int count = Math.Max(minDigits, Math.Max(1, (66 - BitOperations.LeadingZeroCount(value)) / 3));
        Span<byte> target = ReserveSpan(count)[..count];
        for (int i = target.Length - 1; i >= 0; i--)
        {
            target[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }

        Length += count;
    }

    /// <summary>Writes a number in a .NET standard format such as <c>F2</c>.</summary>
    public void AppendFormatted(double value, string format)
    {
        int written;
        for (
            int size = 64;
            !value.TryFormat(ReserveSpan(size), out written, format, CultureInfo.InvariantCulture);
            size *= 2
        ) { }

        Length += written;
    }

    /// <summary>
    /// Characters (code points) in UTF-8 text; a part that is not UTF-8 counts as the replacement that is printed.
    /// </summary>
    public static int CountCharacters(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text))
            return text.Length;

        int count = 0;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out _, out int used);
            text = text[used..];
            count++;
        }

        return count;
    }

    /// <summary>The numbers 00 to 99, two characters each.</summary>
    private static ReadOnlySpan<byte> DigitPairs =>
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"u8
        + "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    /// <summary>Ten to the power of 0 to 19.</summary>
    private static ReadOnlySpan<ulong> PowersOfTen =>
        [
            1,
            10,
            100,
            1_000,
            10_000,
            100_000,
            1_000_000,
            10_000_000,
            100_000_000,
            1_000_000_000,
            10_000_000_000,
            100_000_000_000,
            1_000_000_000_000,
            10_000_000_000_000,
            100_000_000_000_000,
            1_000_000_000_000_000,
            10_000_000_000_000_000,
            100_000_000_000_000_000,
            1_000_000_000_000_000_000,
            10_000_000_000_000_000_000,
        ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountDigits(ulong value)
    {
        value |= 1; // has as many digits, and one where it was 0
        int bits = 64 - BitOperations.LeadingZeroCount(value);
        int digits = (bits * 1233) >> 12; // bits * log10(2), rounded down
        return value < PowersOfTen[digits] ? digits : digits + 1;
    }

    /// <summary>The eight hexadecimal digits of a number, its first one in the highest byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ToHexDigits(uint value)
    {
        unchecked
        {
            ulong spread = value;
            spread = (spread | (spread << 16)) & 0x0000_ffff_0000_ffff;
            spread = (spread | (spread << 8)) & 0x00ff_00ff_00ff_00ff;
            spread = (spread | (spread << 4)) & 0x0f0f_0f0f_0f0f_0f0f; // four bits a byte
            ulong letters = ((spread + 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101;
            return spread + 0x3030_3030_3030_3030 + (letters * ('a' - '0' - 10));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyTwo(ref byte source, ref byte target) =>
        Unsafe.WriteUnaligned(ref target, Unsafe.ReadUnaligned<ushort>(ref source));

    /// <summary>Room for <paramref name="size"/> bytes behind what was written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte Reserve(int size)
    {
        if (_buffer.Length - Length < size)
            Grow(size);

        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_buffer), Length);
    }

    /// <inheritdoc cref="Reserve"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> ReserveSpan(int size)
    {
        _ = ref Reserve(size);
        return _buffer.AsSpan(Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size) =>
        Array.Resize(ref _buffer, (int)Math.Min(Math.Max(_buffer.Length * 2L, (long)Length + size), Array.MaxLength));
}
