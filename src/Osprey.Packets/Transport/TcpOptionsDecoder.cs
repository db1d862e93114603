using static System.Buffers.Binary.BinaryPrimitives;
using static Osprey.Packets.Transport.TcpOptionKind;

namespace Osprey.Packets.Transport;

/// <summary>The list of options behind a TCP header.</summary>
internal static class TcpOptionsDecoder
{
    private const ushort FastOpenExperiment = 0xf989;
    private const int Md5Size = 16;

    private enum Outcome
    {
        Good,
        Bad,
        CutInHeader,
        CutInData,
    }

    /// <summary>Writes <c>, options [...]</c>.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="options">What was captured of them, and the byte behind them when it was, too.</param>
    /// <param name="size">How many bytes they have.</param>
    /// <param name="sackBase">What the numbers of SACK blocks count from.</param>
    /// <param name="isSegmentWhole">Whether all of the segment was captured.</param>
    /// <returns><see langword="false"/> when they are cut or wrong, which ends the line.</returns>
    public static bool TryDecode(
        ref PacketText text,
        ReadOnlySpan<byte> options,
        int size,
        uint sackBase,
        bool isSegmentWhole
    )
    {
        text.Write(", options ["u8);
        bool isFirst = true;
        int position = 0;
        while (position < size)
        {
            if (!isFirst)
                text.Write((byte)',');

            Outcome outcome = WriteOption(
                ref text,
                options,
                ref position,
                size,
                sackBase,
                isSegmentWhole,
                out bool isLast
            );
            if (outcome != Outcome.Good)
            {
                WriteEnd(ref text, outcome, isFirst);
                return false;
            }

            isFirst = false;
            if (isLast)
                break;
        }

        text.Write((byte)']');
        return true;
    }

    private static void WriteEnd(ref PacketText text, Outcome outcome, bool isFirst)
    {
        if (outcome == Outcome.Bad)
            text.Write("[bad opt]"u8);
        else
            text.WriteCut("tcp"u8);

        if (!isFirst && outcome != Outcome.CutInHeader)
            text.Write(outcome == Outcome.Bad ? (byte)']' : (byte)'>');
    }

    private static Outcome WriteOption(
        ref PacketText text,
        ReadOnlySpan<byte> options,
        ref int position,
        int size,
        uint sackBase,
        bool isSegmentWhole,
        out bool isLast
    )
    {
        isLast = false;
        if (position >= options.Length)
            return Outcome.CutInHeader;

        byte kind = options[position];
        isLast = kind == End;
        if (kind is End or NoOperation)
        {
            text.Write(kind == End ? "eol"u8 : "nop"u8);
            position++;
            return Outcome.Good;
        }

        if (position + 1 >= options.Length)
            return Outcome.CutInHeader;

        int length = options[position + 1];
        if (length < 2 || length > size - position)
            return Outcome.Bad;

        WriteName(ref text, kind);
        int used = GetDataSize(kind, length);
        int room = size - position - 2;
        ReadOnlySpan<byte> data = options[(position + 2)..];
        Outcome outcome =
            used > room ? Outcome.Bad
            : used > data.Length ? Outcome.CutInData
            : Outcome.Good;
        if (outcome != Outcome.Good && kind is not (Sack or Authentication) && HasName(kind))
            return outcome; // the others show as much as there is

        outcome = WriteData(ref text, kind, data[..Math.Min(used, data.Length)], used, sackBase, isSegmentWhole);
        if (outcome != Outcome.Good)
            return outcome;

        position += 2 + used;
        if (used + 2 != length)
            text.Write("[len "u8, (uint)length, "]"u8);

        return Outcome.Good;
    }

    /// <summary>Finds the number of bytes of data that the option has: by its kind, else by its length.</summary>
    private static int GetDataSize(byte kind, int length) =>
        kind switch
        {
            MaximumSegmentSize or Scps or UserTimeout => 2,
            WindowScale => 1,
            SackPermitted => 0,
            Echo or EchoReply or ConnectionCount or ConnectionCountNew or ConnectionCountEcho => 4,
            Timestamp => 8,
            Md5Signature => Md5Size,
            _ => length - 2,
        };

    private static bool HasName(byte kind) =>
        kind switch
        {
            MaximumSegmentSize
            or WindowScale
            or SackPermitted
            or Sack
            or Echo
            or EchoReply
            or Timestamp
            or ConnectionCount => true,
            ConnectionCountNew or ConnectionCountEcho or Md5Signature or Scps or UserTimeout or Authentication => true,
            Multipath or FastOpen or Experiment => true,
            _ => false,
        };

    private static void WriteName(ref PacketText text, byte kind)
    {
        if (!HasName(kind))
        {
            text.Write("unknown-"u8, kind);
            return;
        }

        text.Write(
            kind switch
            {
                MaximumSegmentSize => "mss"u8,
                WindowScale => "wscale"u8,
                SackPermitted => "sackOK"u8,
                Sack => "sack"u8,
                Echo => "echo"u8,
                EchoReply => "echoreply"u8,
                Timestamp => "TS"u8,
                ConnectionCount => "cc"u8,
                ConnectionCountNew => "ccnew"u8,
                Md5Signature => "md5"u8,
                Scps => "scps"u8,
                UserTimeout => "uto"u8,
                Authentication => "tcp-ao"u8,
                Multipath => "mptcp"u8,
                FastOpen => "tfo"u8,
                Experiment => "exp"u8,
                _ => [],
            }
        );
    }

    private static Outcome WriteData(
        ref PacketText text,
        byte kind,
        ReadOnlySpan<byte> data,
        int size,
        uint sackBase,
        bool isSegmentWhole
    )
    {
        switch (kind)
        {
            case MaximumSegmentSize:
                text.Write(" "u8, ReadUInt16BigEndian(data));
                return Outcome.Good;
            case WindowScale:
                text.Write(" "u8, data[0]);
                return Outcome.Good;
            case SackPermitted:
                return Outcome.Good;
            case Sack:
                return WriteSack(ref text, data, size, sackBase);
            case Echo or EchoReply or ConnectionCount or ConnectionCountNew or ConnectionCountEcho:
                text.Write(" "u8, ReadUInt32BigEndian(data));
                return Outcome.Good;
            case Timestamp:
                text.Write(" val "u8, ReadUInt32BigEndian(data), " ecr "u8);
                text.WriteNumber(ReadUInt32BigEndian(data[4..]));
                return Outcome.Good;
            case Md5Signature:
                text.Write(isSegmentWhole ? " shared secret not supplied with -M, "u8 : " snaplen too short, "u8);
                text.Write("can't check - "u8);
                text.WriteHex(data);
                return Outcome.Good;
            case Scps:
                text.Write(" cap "u8);
                text.WriteHex(data[0], 2);
                text.Write(" id "u8, data[1]);
                return Outcome.Good;
            case UserTimeout:
                WriteUserTimeout(ref text, ReadUInt16BigEndian(data));
                return Outcome.Good;
            case Authentication:
                return WriteAuthentication(ref text, data, size);
            case FastOpen:
                text.Write((byte)' ');
                WriteFastOpen(ref text, data);
                return Outcome.Good;
            case Experiment:
                return WriteExperiment(ref text, data);
            default:
                text.Write(size == 0 ? [] : " 0x"u8);
                text.WriteHex(data);
                return data.Length < size ? Outcome.CutInData : Outcome.Good;
        }
    }

    private static Outcome WriteSack(ref PacketText text, ReadOnlySpan<byte> data, int size, uint sackBase)
    {
        const int BlockSize = 8;
        if (size % BlockSize != 0)
        {
            text.Write(" invalid sack"u8);
            return Outcome.Good;
        }

        text.Write(" "u8, (uint)(size / BlockSize), " "u8);
        for (int at = 0; at < size; at += BlockSize)
        {
            if (data.Length < at + BlockSize)
                return Outcome.CutInData;

            text.Write("{"u8, unchecked(ReadUInt32BigEndian(data[at..]) - sackBase), ":"u8);
            text.WriteNumber(unchecked(ReadUInt32BigEndian(data[(at + 4)..]) - sackBase));
            text.Write((byte)'}');
        }

        return Outcome.Good;
    }

    private static void WriteUserTimeout(ref PacketText text, ushort value)
    {
        text.Write(" 0x"u8);
        text.WriteHex(value);
        uint seconds = (value & 1) != 0 ? (uint)(value >> 1) * 60 : (uint)(value >> 1); // the low bit says minutes
        text.Write(" "u8, seconds);
    }

    private static Outcome WriteAuthentication(ref PacketText text, ReadOnlySpan<byte> data, int size)
    {
        if (size < 2)
        {
            text.WriteInvalid();
            return Outcome.Good;
        }

        if (data.IsEmpty)
            return Outcome.CutInData;

        text.Write(" keyid "u8, data[0]);
        if (data.Length < 2)
            return Outcome.CutInData;

        text.Write(" rnextkeyid "u8, data[1]);
        if (size > 2)
        {
            text.Write(" mac 0x"u8);
            text.WriteHex(data[2..]);
        }

        return data.Length < size ? Outcome.CutInData : Outcome.Good;
    }

    private static Outcome WriteExperiment(ref PacketText text, ReadOnlySpan<byte> data)
    {
        if (data.Length < 2)
            return Outcome.Bad;

        ushort identifier = ReadUInt16BigEndian(data);
        text.Write((byte)'-');
        if (identifier == FastOpenExperiment)
        {
            text.Write("tfo"u8);
            WriteFastOpen(ref text, data[2..]);
        }
        else
        {
            text.WriteHex(identifier, 4);
        }

        return Outcome.Good;
    }

    private static void WriteFastOpen(ref PacketText text, ReadOnlySpan<byte> cookie)
    {
        if (cookie.IsEmpty)
        {
            text.Write(" cookiereq"u8);
        }
        else if (cookie.Length % 2 != 0 || cookie.Length is < 4 or > 16)
        {
            text.WriteInvalid();
        }
        else
        {
            text.Write(" cookie "u8);
            text.WriteHex(cookie);
        }
    }
}
