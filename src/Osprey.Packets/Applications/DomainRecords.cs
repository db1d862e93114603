using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Applications;

/// <summary>The resource records of a DNS message.</summary>
internal static class DomainRecords
{
    private const int HeaderSize = 12;
    private const int FixedSize = 10; // type, class, time to live, size of the data

    /// <summary>
    /// The upper bits of a response's result, which are kept in its OPT record (RFC 6891), shifted into place.
    /// </summary>
    /// <returns>0 when there is none, or it can't be reached.</returns>
    public static int FindExtendedResult(ReadOnlySpan<byte> message)
    {
        int questions = ReadUInt16BigEndian(message[4..]);
        int others = ReadUInt16BigEndian(message[6..]) + ReadUInt16BigEndian(message[8..]);
        int additional = ReadUInt16BigEndian(message[10..]);
        int position = HeaderSize;
        for (int i = 0; i < questions + others + additional; i++)
        {
            position = DomainName.Skip(message, position);
            if (position < 0)
                return 0;

            if (i < questions)
            {
                position += 4;
            }
            else
            {
                bool mayBeOptions = i >= questions + others;
                if (
                    mayBeOptions
                    && position + 5 <= message.Length
                    && ReadUInt16BigEndian(message[position..]) == DomainRecordType.Options
                )
                {
                    return message[position + 4] << 4;
                }

                if (position + FixedSize > message.Length)
                    return 0;

                position += FixedSize + ReadUInt16BigEndian(message[(position + 8)..]);
            }

            if (position >= message.Length)
                return 0;
        }

        return 0;
    }

    /// <summary>Writes a record without its name, and finds the next.</summary>
    /// <returns>-1 when its data are cut or malformed; the message's end when not even its header is there.</returns>
    public static int Write(ref PacketText text, ReadOnlySpan<byte> message, int position, bool isMulticast)
    {
        position = DomainName.Skip(message, position);
        if (position < 0 || position + FixedSize > message.Length)
            return message.Length;

        ushort type = ReadUInt16BigEndian(message[position..]);
        ushort classBits = ReadUInt16BigEndian(message[(position + 2)..]);
        int recordClass = isMulticast ? classBits & 0x7fff : classBits;
        if (type != DomainRecordType.Options)
            DomainRecordType.WriteClass(ref text, recordClass);

        if (isMulticast && (classBits & 0x8000) != 0)
            text.Write(" (Cache flush)"u8);

        bool wantsSignatures = (ReadUInt16BigEndian(message[(position + 6)..]) & 0x8000) != 0;
        int size = ReadUInt16BigEndian(message[(position + 8)..]);
        position += FixedSize;
        int end = position + size;
        DomainRecordType.Write(ref text, type);
        if (end > message.Length)
            return -1;

        if (type == DomainRecordType.Options)
        {
            text.Write(" UDPsize="u8, (uint)recordClass);
            text.Write(wantsSignatures ? " DO"u8 : []);
            return DomainOptions.TryWrite(ref text, message[position..end]) ? end : -1;
        }

        return TryWriteData(ref text, message, type, position, end) ? end : -1;
    }

    private static bool TryWriteData(
        ref PacketText text,
        ReadOnlySpan<byte> message,
        ushort type,
        int position,
        int end
    )
    {
        int present = message.Length - position;
        switch (type)
        {
            case DomainRecordType.Address:
            case DomainRecordType.Address6:
                int addressSize = type == DomainRecordType.Address ? 4 : 16;
                if (present < addressSize)
                    return false;

                text.Write((byte)' ');
                text.WriteAddress(message.Slice(position, addressSize));
                return true;
            case DomainRecordType.NameServer:
            case DomainRecordType.CanonicalName:
            case DomainRecordType.PointerName:
            case DomainRecordType.DelegationName:
                text.Write((byte)' ');
                return DomainName.TryWrite(ref text, message, position);
            case DomainRecordType.MailExchange:
                text.Write((byte)' ');
                if (present < 2 || !DomainName.TryWrite(ref text, message, position + 2))
                    return false;

                text.Write(" "u8, ReadUInt16BigEndian(message[position..]));
                return true;
            case DomainRecordType.Service:
                return TryWriteService(ref text, message, position);
            case DomainRecordType.Text:
                return TryWriteStrings(ref text, message, position, end);
            default:
                return true;
        }
    }

    private static bool TryWriteService(ref PacketText text, ReadOnlySpan<byte> message, int position)
    {
        text.Write((byte)' ');
        if (message.Length - position < 6 || !DomainName.TryWrite(ref text, message, position + 6))
            return false;

        text.Write(":"u8, ReadUInt16BigEndian(message[(position + 4)..]), " "u8);
        text.Write([], ReadUInt16BigEndian(message[position..]), " "u8);
        text.WriteNumber(ReadUInt16BigEndian(message[(position + 2)..]));
        return true;
    }

    private static bool TryWriteStrings(ref PacketText text, ReadOnlySpan<byte> message, int position, int end)
    {
        while (position < end)
        {
            text.Write(" \""u8);
            if (position >= message.Length)
                return false;

            int start = position + 1;
            position = start + message[position];
            foreach (byte character in message[start..Math.Min(position, message.Length)])
                text.WriteEscaped(character);

            if (position > message.Length)
                return false;

            text.Write((byte)'"');
        }

        return true;
    }
}
