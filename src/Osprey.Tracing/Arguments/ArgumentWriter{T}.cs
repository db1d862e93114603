using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Osprey.Tracing.Arguments;

/// <summary>
/// Lays out and writes arguments of one type; all questions about the type are answered by the compiler.
/// </summary>
internal static unsafe class ArgumentWriter<T>
    where T : allows ref struct
{
    /// <summary>The size of a text's field: a length and at most 49 bytes.</summary>
    public const int TextSize = 50;

    private static bool IsBlobSpan
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(ReadOnlySpan<byte>);
    }

    private static bool IsTextSpan
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(ReadOnlySpan<char>);
    }

    private static bool IsBlobMemory
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(ReadOnlyMemory<byte>);
    }

    private static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(char) ? 1 : Unsafe.SizeOf<T>();
    }

    /// <summary>Returns the offset behind an argument that comes at an offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Advance(int offset, T value)
    {
        unchecked
        {
            if (IsBlobSpan)
                return AdvanceBlob(offset, Unsafe.As<T, ReadOnlySpan<byte>>(ref value).Length);
            if (IsBlobMemory)
                return AdvanceBlob(offset, Unsafe.As<T, ReadOnlyMemory<byte>>(ref value).Length);
            if (IsTextSpan)
                return offset + TextSize;
            if (!typeof(T).IsValueType)
            {
                object? reference = Unsafe.As<T, object?>(ref value);
                return reference is byte[] bytes ? AdvanceBlob(offset, bytes.Length)
                    : IsNullBlob(reference) ? AdvanceBlob(offset, 0)
                    : offset + TextSize;
            }

            return Align(offset, Size) + Size;
        }
    }

    /// <summary>Writes an argument at an offset, rounded up as the type needs it.</summary>
    /// <returns>The offset behind it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(byte* payload, int offset, T value)
    {
        unchecked
        {
            if (IsBlobSpan)
                return WriteBlob(payload, offset, Unsafe.As<T, ReadOnlySpan<byte>>(ref value));
            if (IsBlobMemory)
                return WriteBlob(payload, offset, Unsafe.As<T, ReadOnlyMemory<byte>>(ref value).Span);
            if (IsTextSpan)
                return WriteText(payload, offset, Unsafe.As<T, ReadOnlySpan<char>>(ref value));
            if (!typeof(T).IsValueType)
                return WriteReference(payload, offset, Unsafe.As<T, object?>(ref value));

            offset = Align(offset, Size);
            if (typeof(T) == typeof(char))
            {
                char c = Unsafe.As<T, char>(ref value);
                payload[offset] = (byte)(c < 0x80 ? c : '?');
            }
            else
            {
                Unsafe.WriteUnaligned(payload + offset, value);
            }

            return offset + Size;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Align(int offset, int size) => unchecked((offset + size - 1) & ~(size - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AdvanceBlob(int offset, int length) => unchecked(Align(offset, 2) + 2 + length);

    /// <summary>Whether a value is no bytes at all. Only here the type is asked for: that takes a look-up.</summary>
    private static bool IsNullBlob(object? value) => value is null && typeof(T) == typeof(byte[]);

    private static int WriteReference(byte* payload, int offset, object? value) =>
        value is byte[] bytes ? WriteBlob(payload, offset, bytes)
        : IsNullBlob(value) ? WriteBlob(payload, offset, [])
        : WriteText(payload, offset, (string?)value ?? "<null>");

    private static int WriteBlob(byte* payload, int offset, ReadOnlySpan<byte> bytes)
    {
        offset = Align(offset, 2);
        *(ushort*)(payload + offset) = (ushort)bytes.Length;
        bytes.CopyTo(new Span<byte>(payload + offset + 2, bytes.Length));
        return offset + 2 + bytes.Length;
    }

    /// <summary>Writes a text of at most 49 bytes of UTF-8; a longer one is cut between two characters.</summary>
    private static int WriteText(byte* payload, int offset, ReadOnlySpan<char> text)
    {
        var field = new Span<byte>(payload + offset + 1, TextSize - 1);
        Utf8.FromUtf16(text[..Math.Min(text.Length, TextSize)], field, out _, out int written);
        payload[offset] = (byte)written;
        field[written..].Clear();
        return offset + TextSize;
    }
}
