using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Osprey.Traces.Text;

/// <summary>Builds UTF-8 text in a buffer that grows and is used again: what makes a listing fast.</summary>
public sealed class Utf8Builder
{
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
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    /// <summary>Writes one byte.</summary>
    public void Append(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    /// <summary>Writes text as UTF-8.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        Span<byte> target = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, target);
    }

    /// <summary>
    /// Writes <paramref name="value"/> <paramref name="count"/> times; a count below 1 writes nothing.
    /// </summary>
    public void AppendRepeated(byte value, int count)
    {
        if (count <= 0)
            return;

        Reserve(count)[..count].Fill(value);
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
        int digits = CountDigits(value);
        int total = Math.Max(digits, width);
        Span<byte> target = Reserve(total)[..total];
        target[..(total - digits)].Fill(fill);
        for (int end = total; ; )
        {
            if (value >= 100)
            {
                ulong rest = value / 100;
                int pair = (int)(value - (rest * 100)) * 2;
                target[--end] = DigitPairs[pair + 1];
                target[--end] = DigitPairs[pair];
                value = rest;
                continue;
            }

            target[--end] = DigitPairs[((int)value * 2) + 1];
            if (value >= 10)
                target[--end] = DigitPairs[(int)value * 2];

            break;
        }

        Length += total;
    }

    /// <summary>
    /// Writes a number in lower-case hexadecimal with at least <paramref name="minDigits"/> digits, without <c>0x</c>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AppendHex(ulong value, int minDigits = 1)
    {
        int count = Math.Max(minDigits, Math.Max(1, (67 - BitOperations.LeadingZeroCount(value)) / 4));
        Span<byte> target = Reserve(count)[..count];
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        for (int i = target.Length - 1; i >= 0; i--)
        {
            target[i] = digits[unchecked((int)value) & 0xf];
            value >>= 4;
        }

        Length += count;
    }

    /// <summary>Writes a number in octal with at least <paramref name="minDigits"/> digits.</summary>
    internal void AppendOctal(ulong value, int minDigits = 1)
    {
        int count = Math.Max(minDigits, Math.Max(1, (66 - BitOperations.LeadingZeroCount(value)) / 3));
        Span<byte> target = Reserve(count)[..count];
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
            !value.TryFormat(Reserve(size), out written, format, CultureInfo.InvariantCulture);
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

    private static int CountDigits(ulong value)
    {
        int count = 1;
        while (value >= 10_000)
        {
            value /= 10_000;
            count += 4;
        }

        return count
            + (
                value >= 1000 ? 3
                : value >= 100 ? 2
                : value >= 10 ? 1
                : 0
            );
    }

    /// <summary>Room for <paramref name="size"/> bytes behind what was written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int size)
    {
        if (_buffer.Length - Length < size)
            Grow(size);

        return _buffer.AsSpan(Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size) =>
        Array.Resize(ref _buffer, (int)Math.Min(Math.Max(_buffer.Length * 2L, (long)Length + size), Array.MaxLength));
}
