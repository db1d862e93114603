using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Applications;

/// <summary>DNS and multicast DNS (RFC 1035, 6762): the questions of a request, the answers of a response.</summary>
internal static class DomainDecoder
{
    private const int HeaderSize = 12;
    private const int InverseQuery = 1;

    /// <param name="text">Where to.</param>
    /// <param name="message">What was captured.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="isMulticast">Whether classes have multicast DNS's extra bit.</param>
    public static void Decode(ref PacketText text, ReadOnlySpan<byte> message, uint length, bool isMulticast)
    {
        if (length < HeaderSize)
        {
            text.Write("domain [length "u8, length, " < 12]"u8);
            text.WriteInvalid();
            return;
        }

        if (message.Length < HeaderSize)
        {
            text.WriteCut("domain"u8);
            return;
        }

        ushort flags = ReadUInt16BigEndian(message[2..]);
        text.WriteNumber(ReadUInt16BigEndian(message));
        WriteOperation(ref text, (flags >> 11) & 0xf);
        bool isWhole =
            (flags & 0x8000) != 0
                ? TryWriteResponse(ref text, message, flags, isMulticast)
                : TryWriteRequest(ref text, message, flags, isMulticast);
        if (isWhole)
            text.Write(" ("u8, length, ")"u8);
        else
            text.WriteCut("domain"u8);
    }

    private static bool TryWriteRequest(ref PacketText text, ReadOnlySpan<byte> message, ushort flags, bool isMulticast)
    {
        if ((flags & 0x0100) != 0)
            text.Write((byte)'+');

        if ((flags & 0x0010) != 0)
            text.Write((byte)'%');

        int unexpected = flags & 0x06cf; // what only responses have
        if (unexpected != 0)
        {
            text.Write(" [b2&3=0x"u8);
            text.WriteHex(flags);
            text.Write((byte)']');
        }

        int questions = WriteRequestCounts(ref text, message, ((flags >> 11) & 0xf) == InverseQuery);
        int position = HeaderSize;
        for (int i = 0; i < questions; i++)
        {
            if (i != 0 && position >= message.Length)
                return false;

            position = WriteQuestion(ref text, message, position, isMulticast);
            if (position < 0)
                return false;
        }

        return true;
    }

    private static int WriteRequestCounts(ref PacketText text, ReadOnlySpan<byte> message, bool isInverse)
    {
        int questions = ReadUInt16BigEndian(message[4..]);
        int answers = ReadUInt16BigEndian(message[6..]);
        int authorities = ReadUInt16BigEndian(message[8..]);
        int additional = ReadUInt16BigEndian(message[10..]);
        if (isInverse)
        {
            if (questions != 0)
                WriteCount(ref text, questions, "q]"u8);

            if (answers != 1)
                WriteCount(ref text, answers, "a]"u8);
        }
        else
        {
            if (answers != 0)
                WriteCount(ref text, answers, "a]"u8);

            if (questions != 1)
                WriteCount(ref text, questions, "q]"u8);
        }

        if (authorities != 0)
            WriteCount(ref text, authorities, "n]"u8);

        if (additional != 0)
            WriteCount(ref text, additional, "au]"u8);

        return questions;
    }

    private static void WriteCount(ref PacketText text, int count, ReadOnlySpan<byte> what) =>
        text.Write(" ["u8, (uint)count, what);

    /// <summary>Writes a question and finds the next; -1 when it is cut.</summary>
    private static int WriteQuestion(ref PacketText text, ReadOnlySpan<byte> message, int position, bool isMulticast)
    {
        int end = DomainName.Skip(message, position);
        if (end < 0 || end + 4 > message.Length)
            return -1;

        int recordClass = ReadUInt16BigEndian(message[(end + 2)..]);
        DomainRecordType.Write(ref text, ReadUInt16BigEndian(message[end..]));
        DomainRecordType.WriteClass(ref text, isMulticast ? recordClass & 0x7fff : recordClass);
        if (isMulticast)
            text.Write((recordClass & 0x8000) != 0 ? " (QU)"u8 : " (QM)"u8);

        text.Write("? "u8);
        return DomainName.TryWrite(ref text, message, position) ? end + 4 : -1;
    }

    private static bool TryWriteResponse(
        ref PacketText text,
        ReadOnlySpan<byte> message,
        ushort flags,
        bool isMulticast
    )
    {
        int questions = ReadUInt16BigEndian(message[4..]);
        int answers = ReadUInt16BigEndian(message[6..]);
        WriteResult(ref text, (flags & 0xf) | DomainRecords.FindExtendedResult(message));
        text.Write((flags & 0x0400) != 0 ? "*"u8 : []);
        text.Write((flags & 0x0080) != 0 ? [] : "-"u8);
        text.Write((flags & 0x0200) != 0 ? "|"u8 : []);
        text.Write((flags & 0x0020) != 0 ? "$"u8 : []);
        if (questions != 1)
            WriteCount(ref text, questions, "q]"u8);

        int position = HeaderSize;
        for (int i = 0; i < questions; i++)
        {
            if (i != 0)
                text.Write((byte)',');

            position = DomainName.Skip(message, position);
            if (position < 0)
                return false;

            position += 4;
        }

        text.Write(" "u8, (uint)answers, "/"u8);
        text.Write([], ReadUInt16BigEndian(message[8..]), "/"u8);
        text.WriteNumber(ReadUInt16BigEndian(message[10..]));
        return TryWriteAnswers(ref text, message, position, answers, isMulticast);
    }

    private static bool TryWriteAnswers(
        ref PacketText text,
        ReadOnlySpan<byte> message,
        int position,
        int answers,
        bool isMulticast
    )
    {
        for (int i = 0; i < answers; i++)
        {
            if (i != 0)
            {
                if (position >= message.Length)
                    return false;

                text.Write((byte)',');
            }

            position = DomainRecords.Write(ref text, message, position, isMulticast);
            if (position < 0)
                return false;
        }

        return true;
    }

    private static void WriteOperation(ref PacketText text, int operation) =>
        text.Write(
            operation switch
            {
                0 => [],
                1 => " inv_q"u8,
                2 => " stat"u8,
                3 => " op3"u8,
                4 => " notify"u8,
                5 => " update"u8,
                6 => " op6"u8,
                7 => " op7"u8,
                8 => " op8"u8,
                9 => " updateA"u8,
                10 => " updateD"u8,
                11 => " updateDA"u8,
                12 => " updateM"u8,
                13 => " updateMA"u8,
                14 => " zoneInit"u8,
                _ => " zoneRef"u8,
            }
        );

    private static void WriteResult(ref PacketText text, int result)
    {
        ReadOnlySpan<byte> name = result switch
        {
            1 => " FormErr"u8,
            2 => " ServFail"u8,
            3 => " NXDomain"u8,
            4 => " NotImp"u8,
            5 => " Refused"u8,
            6 => " YXDomain"u8,
            7 => " YXRRSet"u8,
            8 => " NXRRSet"u8,
            9 => " NotAuth"u8,
            10 => " NotZone"u8,
            15 => " NoChange"u8,
            16 => " BadVers"u8,
            17 => "Resp17"u8, // without the space in tcpdump, too
            21 => "Resp21"u8,
            23 => " BadCookie"u8,
            _ => [],
        };
        if (name.IsEmpty && result != 0)
            text.Write(" Resp"u8, (uint)result);
        else
            text.Write(name);
    }
}
