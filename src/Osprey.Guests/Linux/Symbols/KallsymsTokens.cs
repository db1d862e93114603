using System.Buffers.Binary;

namespace Osprey.Guests.Linux.Symbols;

/// <summary>
/// The texts that bytes of compressed names stand for: <c>kallsyms_token_table</c>, 256 texts that each end with a NUL,
/// and <c>kallsyms_token_index</c> behind it, which has the offset of each.
/// </summary>
internal sealed class KallsymsTokens
{
    /// <summary>Bytes behind the end of a name that are overwritten while it is expanded.</summary>
    public const int Slack = 16;

    private const int Count = 256;

    /// <summary>Most bytes of the texts: what the index can point into.</summary>
    private const int MaxTableSize = ushort.MaxValue + 1;

    private readonly byte[] _table; // with Slack bytes behind it
    private readonly ushort[] _starts;
    private readonly int[] _lengths = new int[Count];

    private KallsymsTokens(ulong start, ulong end, byte[] table, ushort[] starts)
    {
        Start = start;
        End = end;
        _table = [.. table, .. new byte[Slack]];
        _starts = starts;
        for (int code = 0; code < Count; code++)
            _lengths[code] = (code + 1 < Count ? starts[code + 1] : table.Length) - starts[code] - 1;
    }

    /// <summary>
    /// The bytes that nearly every table has: digits occur in names, and so stand for themselves, one behind the other.
    /// </summary>
    public static ReadOnlySpan<byte> Digits => "0\01\02\03\04\05\06\07\08\09\0"u8;

    /// <summary>The table's first byte.</summary>
    public ulong Start { get; }

    /// <summary>The first byte behind the index.</summary>
    public ulong End { get; }

    /// <summary>Reads both tables around a place of <see cref="Digits"/>.</summary>
    /// <returns>Null when it is no such place.</returns>
    public static KallsymsTokens? TryRead(LinuxImage image, ulong digits)
    {
        if (FindTableEnd(image, digits) is not { } end)
            return null;

        return TryRead(image, digits, end, AlignUp(end, 8)) ?? TryRead(image, digits, end, AlignUp(end, 4));
    }

    /// <summary>Rounds an address up to a multiple of a power of two.</summary>
    public static ulong AlignUp(ulong address, uint alignment) => (address + (alignment - 1)) & ~(ulong)(alignment - 1);

    /// <summary>Writes the text that the bytes of a compressed name stand for.</summary>
    /// <param name="codes">The bytes.</param>
    /// <param name="text">Where to write it, and up to <see cref="Slack"/> other bytes behind it.</param>
    /// <param name="at">The place of its first byte.</param>
    /// <param name="limit">The last place at which it may end.</param>
    /// <returns>The place behind its last byte; -1 when it is longer than allowed.</returns>
    public int Expand(ReadOnlySpan<byte> codes, Span<byte> text, int at, int limit)
    {
        foreach (byte code in codes)
        {
            int length = _lengths[code];
            if (length > limit - at)
                return -1;

            // Texts are of a few bytes: 16 are one instruction, their number is a call and a loop.
            ReadOnlySpan<byte> token = _table.AsSpan(_starts[code]);
            if (length <= Slack)
                token[..Slack].CopyTo(text.Slice(at, Slack));
            else
                token[..length].CopyTo(text[at..]);

            at += length;
        }

        return at;
    }

    private static KallsymsTokens? TryRead(LinuxImage image, ulong digits, ulong end, ulong index)
    {
        if (image.TryRead(index, Count * sizeof(ushort)) is not { } offsets)
            return null;

        ushort[] starts = new ushort[Count];
        for (int i = 0; i < Count; i++)
        {
            starts[i] = BinaryPrimitives.ReadUInt16LittleEndian(offsets.AsSpan(i * sizeof(ushort)));
            if (i == 0 ? starts[i] != 0 : starts[i] <= starts[i - 1])
                return null;
        }

        int back = starts['0'];
        if (image.TryRead(digits - (uint)back, (long)(end - digits) + back) is not { } table)
            return null;

        // Each text ends where the next begins, with the only NUL in it.
        for (int i = 0; i < Count; i++)
        {
            int next = i + 1 < Count ? starts[i + 1] : table.Length;
            if (next > table.Length || table.AsSpan(starts[i]..next).IndexOf((byte)0) != next - starts[i] - 1)
                return null;
        }

        return new KallsymsTokens(digits - (uint)back, index + (uint)offsets.Length, table, starts);
    }

    private static ulong? FindTableEnd(LinuxImage image, ulong digits)
    {
        // All texts together are seldom more than one kilobyte.
        int left = Count - '0';
        for (ulong at = digits; at - digits < MaxTableSize; at += 1024)
        {
            byte[]? bytes = image.TryRead(at, 1024);
            if (bytes is null)
                return null;

            for (int i = 0; i < bytes.Length; i++)
            {
                if (bytes[i] == 0 && --left == 0)
                    return at + (uint)i + 1;
            }
        }

        return null;
    }
}
