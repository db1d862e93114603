using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Applications;

/// <summary>The options of an OPT record (RFC 6891), each with its code and its size.</summary>
internal static class DomainOptions
{
    private const int HeaderSize = 4;
    private const ushort ClientSubnet = 8; // RFC 7871
    private const ushort Expire = 9; // RFC 7314
    private const ushort Cookie = 10; // RFC 7873
    private const ushort KeepAlive = 11; // RFC 7828
    private const ushort Padding = 12; // RFC 7830
    private const ushort KeyTag = 14; // RFC 8145

    /// <summary>Writes the options in brackets; nothing when there are none.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="options">The record's data, which were captured whole.</param>
    /// <returns><see langword="false"/> when an option is cut.</returns>
    public static bool TryWrite(ref PacketText text, ReadOnlySpan<byte> options)
    {
        if (options.IsEmpty)
            return true;

        text.Write(" ["u8);
        while (true)
        {
            if (options.Length < sizeof(ushort))
                return false;

            ushort code = ReadUInt16BigEndian(options);
            WriteName(ref text, code);
            if (options.Length < HeaderSize)
                return false;

            int size = ReadUInt16BigEndian(options[2..]);
            if (options.Length < HeaderSize + size)
                return false;

            if (size != 0)
            {
                text.Write((byte)' ');
                WriteData(ref text, code, options.Slice(HeaderSize, size));
            }

            options = options[(HeaderSize + size)..];
            if (options.IsEmpty)
                break;

            text.Write((byte)',');
        }

        text.Write((byte)']');
        return true;
    }

    private static void WriteName(ref PacketText text, ushort code)
    {
        ReadOnlySpan<byte> name = code switch
        {
            1 => "LLQ"u8,
            2 => "UL"u8,
            3 => "NSID"u8,
            5 => "DAU"u8,
            6 => "DHU"u8,
            7 => "N3U"u8,
            ClientSubnet => "ECS"u8,
            Expire => "EXPIRE"u8,
            Cookie => "COOKIE"u8,
            KeepAlive => "KEEPALIVE"u8,
            Padding => "PADDING"u8,
            13 => "CHAIN"u8,
            KeyTag => "KEY-TAG"u8,
            16 => "CLIENT-TAG"u8,
            17 => "SERVER-TAG"u8,
            _ => [],
        };
        if (name.IsEmpty)
            text.Write("Opt"u8, code);
        else
            text.Write(name);
    }

    private static void WriteData(ref PacketText text, ushort code, ReadOnlySpan<byte> data)
    {
        switch (code)
        {
            case ClientSubnet:
                WriteClientSubnet(ref text, data);
                break;
            case Expire when data.Length == 4:
                text.Write([], ReadUInt32BigEndian(data), " sec"u8);
                break;
            case KeepAlive when data.Length == 2:
                uint tenths = ReadUInt16BigEndian(data);
                text.Write([], tenths / 10, "."u8);
                text.Write([], tenths % 10, " sec"u8);
                break;
            case Padding:
                text.Write("("u8, (uint)data.Length, ")"u8);
                break;
            case KeyTag when data.Length % 2 == 0:
                for (int i = 0; i < data.Length; i += 2)
                    text.Write(i == 0 ? [] : " "u8, ReadUInt16BigEndian(data[i..]));

                break;
            case Expire or KeepAlive or KeyTag:
            case Cookie when data.Length is < 8 or > 40:
                text.WriteInvalid();
                break;
            default:
                text.WriteHex(data);
                break;
        }
    }

    /// <summary>Writes the network that the answer is for: as many bytes of its address as its prefix has.</summary>
    private static void WriteClientSubnet(ref PacketText text, ReadOnlySpan<byte> data)
    {
        const int AddressOffset = 4; // family, source prefix, scope prefix
        int addressSize =
            data.Length < AddressOffset ? 0
            : ReadUInt16BigEndian(data) == 1 ? 4
            : ReadUInt16BigEndian(data) == 2 ? 16
            : 0;
        if (addressSize == 0 || data[2] > addressSize * 8 || data.Length - AddressOffset != (data[2] + 7) / 8)
        {
            text.WriteInvalid();
            return;
        }

        Span<byte> address = stackalloc byte[16];
        address.Clear();
        data[AddressOffset..].CopyTo(address);
        text.WriteAddress(address[..addressSize]);
        text.Write("/"u8, data[2], "/"u8);
        text.WriteNumber((uint)data[3]);
    }
}
