using System.Globalization;
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

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Forgets what was written; the buffer stays.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets what was written behind <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Written);

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    public void Append(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Append(ReadOnlySpan<char> text)
    {
        Span<byte> target = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, target);
    }

    /// <summary>Writes <paramref name="value"/> <paramref name="count"/> times; a count below 1 writes nothing.</summary>
    public void AppendRepeated(byte value, int count)
    {
        if (count <= 0)
            return;

        Reserve(count)[..count].Fill(value);
        Length += count;
    }

    /// <summary>Writes bytes that should be UTF-8; each part that is not becomes U+FFFD, so that the output always is.</summary>
    public void AppendText(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text) || System.Text.Unicode.Utf8.IsValid(text))
            Append(text);
        else
            Append(Encoding.UTF8.GetString(text));
    }

    /// <summary>Writes text on the left of a field of <paramref name="width"/> characters; longer text is not cut.</summary>
    public void AppendLeft(ReadOnlySpan<byte> text, int width)
    {
        AppendText(text);
        AppendRepeated((byte)' ', width - CountCharacters(text));
    }

    /// <summary>Writes text on the right of a field of <paramref name="width"/> characters; longer text is not cut.</summary>
    public void AppendRight(ReadOnlySpan<byte> text, int width)
    {
        AppendRepeated((byte)' ', width - CountCharacters(text));
        AppendText(text);
    }

    /// <summary>Writes a number, on the right of a field of <paramref name="width"/> characters.</summary>
    public void AppendDecimal(ulong value, int width = 0, byte fill = (byte)' ')
    {
        Span<byte> digits = stackalloc byte[20];
        int start = digits.Length;
        do
        {
            ulong rest = value / 10;
            digits[--start] = (byte)('0' + (value - (rest * 10)));
            value = rest;
        }
        while (value != 0);

        AppendRepeated(fill, width - (digits.Length - start));
        Append(digits[start..]);
    }

    /// <summary>Writes a number in lower-case hexadecimal with at least <paramref name="minDigits"/> digits, without <c>0x</c>.</summary>
    public void AppendHex(ulong value, int minDigits = 1)
    {
        int count = Math.Max(minDigits, Math.Max(1, (67 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 4));
        Span<byte> target = Reserve(count);
        for (int i = count - 1; i >= 0; i--)
        {
            target[i] = "0123456789abcdef"u8[(int)(value & 0xf)];
            value >>= 4;
        }

        Length += count;
    }

    /// <summary>Writes a number in a .NET standard format such as <c>F2</c>.</summary>
    public void AppendFormatted(double value, string format)
    {
        int written;
        for (int size = 64; !value.TryFormat(Reserve(size), out written, format, CultureInfo.InvariantCulture); size *= 2)
        {
        }

        Length += written;
    }

    /// <summary>Characters (code points) in UTF-8 text; a part that is not UTF-8 counts as the replacement that is printed.</summary>
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
