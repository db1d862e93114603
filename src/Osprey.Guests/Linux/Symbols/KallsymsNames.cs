using System.Buffers.Binary;

namespace Osprey.Guests.Linux.Symbols;

/// <summary>
/// The compressed names, <c>kallsyms_names</c>, found from the token table backwards by the tables between them.
/// </summary>
/// <remarks>
/// In memory follow each other, each aligned to 8 bytes, in the newest kernels to 4: <c>kallsyms_num_syms</c>,
/// <c>kallsyms_names</c>, <c>kallsyms_markers</c>, in 6.2 and 6.3 <c>kallsyms_seqs_of_names</c>,
/// <c>kallsyms_token_table</c>. Nothing says how long they are. The markers, the offset of each 256th name, are numbers
/// of 4 bytes, before 4.20 of 8, which rise from 0 on; so they are recognised from behind. Their number is that of the
/// symbols but for the last 255; a number that fits, at a distance that fits, from which on all names and markers
/// agree, is that of the symbols.
/// </remarks>
internal sealed class KallsymsNames
{
    /// <summary>Most symbols; real kernels have up to 300,000.</summary>
    public const int MaxCount = 1 << 20;

    private const int Group = 256;

    /// <summary>Bytes that <c>kallsyms_seqs_of_names</c> has for each symbol.</summary>
    private const int SequenceSize = 3;

    /// <summary>A name is a length and one byte at least.</summary>
    private const int MinGroupSize = Group * 2;

    /// <summary>A name has at most 512 bytes, and two of length.</summary>
    private const int MaxGroupSize = Group * 514;

    private readonly byte[] _bytes;
    private readonly int _start;

    private KallsymsNames(ulong countAddress, int count, byte[] bytes, int start)
    {
        CountAddress = countAddress;
        Count = count;
        _bytes = bytes;
        _start = start;
    }

    /// <summary>The place of the number of symbols, the first of these tables.</summary>
    public ulong CountAddress { get; }

    /// <summary>The number of symbols.</summary>
    public int Count { get; }

    /// <summary>The names: each a length, in one or two bytes, and that many bytes of tokens.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start);

    /// <summary>Finds the names before a token table.</summary>
    /// <returns>Null when they are not there, or not as they should be.</returns>
    public static KallsymsNames? Find(LinuxImage image, ulong tokens)
    {
        byte[] near = image.ReadBefore(tokens, (MaxCount / Group * sizeof(ulong)) + sizeof(ulong));
        foreach ((int size, int alignment) in (ReadOnlySpan<(int, int)>)[(8, 8), (4, 8), (4, 4)])
        {
            if (
                ReadMarkersBackwards(near, size, alignment) is { } markers
                && Find(image, tokens - (uint)markers.Size, markers.Values, alignment, 1, MaxCount) is { } names
            )
                return names;
        }

        return FindBeforeSequences(image, tokens);
    }

    /// <summary>Reads the length of a name.</summary>
    /// <param name="bytes">The names.</param>
    /// <param name="at">The name's place; then that of its first token.</param>
    /// <param name="length">The length.</param>
    /// <returns>False when it reaches behind the end.</returns>
    public static bool TryReadLength(ReadOnlySpan<byte> bytes, ref int at, out int length)
    {
        length = 0;
        if (at >= bytes.Length)
            return false;

        length = bytes[at++];
        if ((length & 0x80) != 0)
        {
            if (at >= bytes.Length)
                return false;

            length = (length & 0x7f) | (bytes[at++] << 7);
        }

        return length > 0 && length <= bytes.Length - at;
    }

    /// <summary>Reads markers that end with the bytes, but for what aligns the next table.</summary>
    private static (uint[] Values, int Size)? ReadMarkersBackwards(ReadOnlySpan<byte> bytes, int size, int alignment)
    {
        int at = bytes.Length - size;
        if (at >= size && ReadMarker(bytes, at, size) == 0)
            at -= size;

        var values = new List<uint>();
        long next = long.MaxValue;
        for (; at >= 0; at -= size)
        {
            long value = ReadMarker(bytes, at, size);
            if (value < 0 || value >= next || (values.Count > 0 && !IsGroup(next - value)))
                return null;

            values.Add((uint)value);
            next = value;
            if (value == 0)
                break;
        }

        if (next != 0 || values.Count < 2 || (bytes.Length - at) % alignment != 0)
            return null;

        values.Reverse();
        return ([.. values], bytes.Length - at);
    }

    /// <summary>Reads a marker or the number of symbols; -1 for what can't be one.</summary>
    private static long ReadMarker(ReadOnlySpan<byte> bytes, int at, int size)
    {
        ulong value =
            size == sizeof(uint)
                ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..])
                : BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
        return value <= LinuxImage.MaxSize ? (long)value : -1;
    }

    private static bool IsGroup(long size) => size is >= MinGroupSize and <= MaxGroupSize;

    /// <summary>
    /// Finds markers with a table between them and the tokens, which has three bytes for each symbol: where its length
    /// fits the number of the markers.
    /// </summary>
    private static KallsymsNames? FindBeforeSequences(LinuxImage image, ulong tokens)
    {
        // Most kernels have far less than the most, and megabytes that are never looked at take their time, too.
        for (int most = MaxCount / 8; most <= MaxCount; most *= 2)
        {
            if (FindBeforeSequences(image, tokens, (most * SequenceSize) + (most / Group * sizeof(uint))) is { } names)
                return names;
        }

        return null;
    }

    private static KallsymsNames? FindBeforeSequences(LinuxImage image, ulong tokens, int size)
    {
        byte[] bytes = image.ReadBefore(tokens, size);
        for (int at = bytes.Length - 8; at >= 0; at -= 8)
        {
            if (ReadMarker(bytes, at, 4) != 0 || !IsGroup(ReadMarker(bytes, at + 4, 4)))
                continue;

            int end = at + 8;
            while (end + 4 <= bytes.Length && IsGroup(ReadMarker(bytes, end, 4) - ReadMarker(bytes, end - 4, 4)))
                end += 4;

            int groups = (end - at) / 4;
            int rest = bytes.Length - ((end + 7) & ~7);
            int least = Math.Max((rest - 5) / SequenceSize, ((groups - 1) * Group) + 1);
            int most = Math.Min(rest / SequenceSize, groups * Group);
            if (least > most)
                continue;

            uint[] markers = new uint[groups];
            for (int i = 0; i < groups; i++)
                markers[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + (i * 4)));

            if (Find(image, tokens - (uint)(bytes.Length - at), markers, 8, least, most) is { } names)
                return names;
        }

        return null;
    }

    /// <summary>Finds the names that end where the markers begin.</summary>
    private static KallsymsNames? Find(LinuxImage image, ulong end, uint[] markers, int alignment, int least, int most)
    {
        int last = (int)markers[^1];
        least = Math.Max(least, ((markers.Length - 1) * Group) + 1);
        most = Math.Min(most, markers.Length * Group);
        byte[] bytes = image.ReadBefore(end, last + MaxGroupSize + 16);
        int nearest = (last + 2 + alignment - 1) & -alignment;
        for (int start = bytes.Length - nearest; start >= alignment; start -= alignment)
        {
            long count = ReadMarker(bytes, start - alignment, alignment);
            if (count < least || count > most)
                continue;

            ReadOnlySpan<byte> names = bytes.AsSpan(start);
            if (
                Fits(names, markers, (int)count, markers.Length - 1, alignment)
                && Fits(names, markers, (int)count, 0, alignment)
            )
                return new KallsymsNames(end - (uint)(bytes.Length - start + alignment), (int)count, bytes, start);
        }

        return null;
    }

    /// <summary>True when the names from a marker on lie as the markers say, and end at their end.</summary>
    private static bool Fits(ReadOnlySpan<byte> names, uint[] markers, int count, int group, int alignment)
    {
        int at = (int)markers[group];
        for (int i = group * Group; i < count; i++)
        {
            if ((i % Group == 0 && at != markers[i / Group]) || !TryReadLength(names, ref at, out int length))
                return false;

            at += length;
        }

        return names.Length - at < alignment;
    }
}
