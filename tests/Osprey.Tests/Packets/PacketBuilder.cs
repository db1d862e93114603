using System.Buffers.Binary;
using System.Text;

namespace Osprey.Tests.Packets;

/// <summary>Builds packets from the inside out. Checksums stay 0: nothing looks at them.</summary>
internal static class PacketBuilder
{
    public static byte[] Ethernet(ushort type, params byte[] payload) =>
        Join(Hex("525400123456 020000000001"), Number16(type), payload);

    public static byte[] IPv4(
        byte protocol,
        byte[] payload,
        int? totalLength = null,
        ushort fragment = 0,
        string options = ""
    )
    {
        byte[] optionBytes = Hex(options);
        int headerSize = 20 + optionBytes.Length;
        return Ethernet(
            0x0800,
            Join(
                [(byte)(0x40 | (headerSize / 4)), 0],
                Number16(totalLength ?? headerSize + payload.Length),
                Number16(1),
                Number16(fragment),
                [64, protocol, 0, 0, 10, 0, 0, 1, 192, 168, 122, 15],
                optionBytes,
                payload
            )
        );
    }

    public static byte[] IPv6(
        byte nextHeader,
        byte[] payload,
        int? payloadLength = null,
        string source = "fe80000000000000505400fffe123456",
        string destination = "ff0200000000000000000001ff000001"
    ) =>
        Ethernet(
            0x86dd,
            Join(
                [0x60, 0, 0, 0],
                Number16(payloadLength ?? payload.Length),
                [nextHeader, 64],
                Hex(source),
                Hex(destination),
                payload
            )
        );

    public static byte[] Tcp(
        ushort source,
        ushort destination,
        byte flags,
        string payload = "",
        string options = "",
        int? headerSize = null
    )
    {
        byte[] optionBytes = Hex(options);
        int words = (headerSize ?? 20 + optionBytes.Length) / 4;
        return Join(
            Number16(source),
            Number16(destination),
            Hex("fffffff0 80000001"),
            [(byte)(words << 4), flags],
            Hex("faf0 0000 0007"),
            optionBytes,
            Encoding.Latin1.GetBytes(payload)
        );
    }

    public static byte[] Udp(ushort source, ushort destination, byte[] payload, int? length = null) =>
        Join(Number16(source), Number16(destination), Number16(length ?? 8 + payload.Length), Number16(0), payload);

    /// <summary>A DNS message; the sections' bytes follow the counts as they are.</summary>
    public static byte[] Dns(
        ushort flags,
        int questions,
        int answers,
        int authorities,
        int additional,
        params byte[][] sections
    ) =>
        Join(
            Number16(1234),
            Number16(flags),
            Number16(questions),
            Number16(answers),
            Number16(authorities),
            Number16(additional),
            Join(sections)
        );

    public static byte[] Question(string name, ushort type, ushort recordClass = 1) =>
        Join(Name(name), Number16(type), Number16(recordClass));

    /// <summary>A record for the name of the first question.</summary>
    public static byte[] Record(ushort type, byte[] data, ushort recordClass = 1) =>
        Join(Hex("c00c"), Number16(type), Number16(recordClass), Hex("0000003c"), Number16(data.Length), data);

    public static byte[] Name(string name)
    {
        string[] labels = name.Split('.', StringSplitOptions.RemoveEmptyEntries);
        return Join([.. labels.Select(label => Join([(byte)label.Length], Encoding.Latin1.GetBytes(label))), [0]]);
    }

    public static byte[] Hex(string digits) => Convert.FromHexString(digits.Replace(" ", "", StringComparison.Ordinal));

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Number16(int value)
    {
        byte[] bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
