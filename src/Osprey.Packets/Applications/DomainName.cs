namespace Osprey.Packets.Applications;

/// <summary>
/// Names inside of DNS messages (RFC 1035): labels, which may go on at an earlier place.
/// </summary>
internal static class DomainName
{
    private const int LongestText = 255;
    private const int KindMask = 0xc0;
    private const int Pointer = 0xc0;
    private const int Extended = 0x40; // RFC 2671; given up by RFC 6891
    private const int Reserved = 0x80;

    /// <summary>Finds where the name at <paramref name="position"/> ends.</summary>
    /// <returns>-1 when it is cut or has a label of unknown kind. A pointer's second byte is not looked at.</returns>
    public static int Skip(ReadOnlySpan<byte> message, int position)
    {
        while (position < message.Length)
        {
            int label = message[position++];
            if (label == 0)
                return position;

            if ((label & KindMask) == Pointer)
                return position + 1;

            if ((label & KindMask) != 0)
                return -1;

            position += label;
        }

        return -1;
    }

    /// <summary>Writes a name with a dot behind each label.</summary>
    /// <returns><see langword="false"/> when it is cut or malformed; its good part was written.</returns>
    /// <remarks>
    /// A pointer must lead before the place that the last one led to, so no name goes round in circles.
    /// </remarks>
    public static bool TryWrite(ref PacketText text, ReadOnlySpan<byte> message, int position)
    {
        if (position >= message.Length)
            return false;

        int limit = position;
        int written = 0;
        bool startsWithPointer = (message[position] & KindMask) == Pointer;
        if (message[position] == 0)
        {
            text.Write((byte)'.');
            return true;
        }

        while (message[position] != 0)
        {
            int label = message[position];
            if ((label & KindMask) is Extended or Reserved)
            {
                WriteUnknownLabel(ref text, label);
                return false;
            }

            if (++position >= message.Length)
                return !startsWithPointer;

            if ((label & KindMask) == Pointer)
            {
                int target = ((label & ~KindMask) << 8) | message[position];
                if (target >= limit)
                {
                    text.Write("<BAD PTR>"u8);
                    return false;
                }

                startsWithPointer = false;
                limit = target;
                position = target;
                continue;
            }

            if (!TryWriteLabel(ref text, message, position, label, ref written))
                return false;

            position += label;
            if (position >= message.Length)
                return false;
        }

        if (written > LongestText)
            text.Write("<DOMAIN NAME TOO LONG>"u8);

        return true;
    }

    private static bool TryWriteLabel(
        ref PacketText text,
        ReadOnlySpan<byte> message,
        int position,
        int size,
        ref int written
    )
    {
        int shown = Math.Clamp(LongestText - written, 0, size);
        foreach (byte character in message[position..Math.Min(position + shown, message.Length)])
            text.WriteEscaped(character);

        if (position + shown > message.Length)
            return false;

        written += size;
        if (written <= LongestText)
            text.Write((byte)'.');

        written++;
        return true;
    }

    private static void WriteUnknownLabel(ref PacketText text, int label)
    {
        if ((label & KindMask) == Reserved)
            text.Write("<BAD LABEL TYPE>"u8);
        else
            text.Write("<ELT "u8, (uint)(label & ~KindMask), ">"u8);
    }
}
