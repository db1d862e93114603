using static Osprey.Tests.Packets.PacketBuilder;

namespace Osprey.Tests.Packets;

/// <summary>Ethernet frames that lead through every decoder; tcpdump says the same of each.</summary>
internal static class BuiltPackets
{
    private const byte Icmp = 1;
    private const byte Igmp = 2;
    private const byte TcpProtocol = 6;
    private const byte UdpProtocol = 17;
    private const byte IcmpV6 = 58;

    private const string MaximumWindow = "02040218 0402 080a0000000100000002 01 030307";
    private const string Sack = "0101 0512 80000011800000218000003180000041";

    /// <summary>The first bytes of an IPv4 packet to 192.168.122.15, UDP port 6, as error messages quote it.</summary>
    private static readonly byte[] s_quoted = IPv4(UdpProtocol, Udp(5, 6, []))[14..];

    private static readonly byte[] s_quotedIPv6 = IPv6(UdpProtocol, Udp(5, 6, []))[14..];

    public static IReadOnlyList<byte[]> All { get; } =
    [
        .. Link(),
        .. Internet(),
        .. Internet6(),
        .. TcpSegments(),
        .. TextProtocols(),
        .. Datagrams(),
        .. DomainMessages(),
        .. Groups(),
        .. Errors(),
        .. Errors6(),
    ];

    private static IEnumerable<byte[]> Link()
    {
        yield return [];
        yield return Ethernet(0x88b5, [.. Enumerable.Range(0, 40).Select(value => (byte)value)]);
        yield return Ethernet(0x88b5, 1, 2, 3);
        yield return Ethernet(0x8100, Hex("0005 88b5 0102"));
        yield return Ethernet(
            0x8100,
            Hex("0005 0806 0001 0800 06 04 0002 020000000001 0a000001 020000000002 0a000002")
        );
        for (byte operation = 1; operation < 12; operation++)
        {
            yield return Ethernet(
                0x0806,
                Join(Hex("0001 0800 06 04 00"), [operation], Hex("020000000001 0a000001 020000000002 0a000002"))
            );
            yield return Ethernet(
                0x0806,
                Join(Hex("0001 0800 06 04 00"), [operation], Hex("020000000001 0a000001 000000000000 0a000002"))
            );
        }

        yield return Ethernet(0x0806, Hex("c800 0501 02 00 0001 0000 0000 0000"));
        yield return Ethernet(0x0806, Hex("0020 86dd 02 01 0001 0000 0000 0000"));
        yield return Ethernet(0x0806, Hex("0013 0800 06 00 0002 04 06 00 04 020000000001"));
        yield return Ethernet(0x8035, Hex("0006 0800 00 04 0001 00000000 00000000"));
    }

    private static IEnumerable<byte[]> Internet()
    {
        byte[] datagram = Udp(1000, 2000, new byte[30]);
        foreach (int total in (int[])[0, 5, 19, 20, 21, 27, 28, 40, 1000])
            yield return IPv4(UdpProtocol, datagram, total);

        foreach (ushort fragment in (ushort[])[0x2000, 0x4000, 0x0001, 0x2010])
            yield return IPv4(UdpProtocol, datagram, fragment: fragment);

        yield return IPv4(UdpProtocol, datagram, options: "94040000 01010100");
        foreach (byte protocol in (byte[])[59, 58, 77, 99, 50, 255])
            yield return IPv4(protocol, Hex("0000000100000002 00000003"));

        yield return IPv4(4, s_quoted);
        yield return IPv4(41, s_quotedIPv6);
        foreach (byte first in (byte[])[0x05, 0x55, 0x65, 0x42, 0x4f])
        {
            byte[] packet = IPv4(UdpProtocol, datagram);
            packet[14] = first;
            yield return packet;
        }
    }

    private static IEnumerable<byte[]> Internet6()
    {
        byte[] datagram = Udp(1, 2, "abc"u8.ToArray());
        foreach (int length in (int[])[0, 4, 8, 11, 500])
            yield return IPv6(UdpProtocol, datagram, length);

        string[] addresses =
        [
            "00000000000000000000000000000000",
            "00000000000000000000000000000001",
            "20010db8000000000000000000000001",
            "00010000000000040000000000000008",
            "00000000000000000000ffff01020304",
            "00000000000000000000000001020304",
            "00010002000300040005000600070008",
            "00010002000300040005000600000000",
            "00010000000300040005000600070008",
        ];
        foreach (string address in addresses)
            yield return IPv6(UdpProtocol, datagram, source: address, destination: address);

        string[] hopByHops =
        [
            "11000104 00000000",
            "11000502 00000100",
            "11000503 00000100",
            "1100c204 00010000",
            "1100c204 00000040",
        ];
        foreach (string hopByHop in hopByHops)
        {
            yield return IPv6(0, Join(Hex(hopByHop), datagram));
            yield return IPv6(0, Join(Hex(hopByHop), datagram), payloadLength: 0);
            yield return IPv6(0, Join(Hex(hopByHop), Udp(1, 2, "abc"u8.ToArray(), length: 0)), payloadLength: 0);
        }

        foreach (string fragment in (string[])["11000000 00000001", "11000001 00000001", "11000008 00000001"])
            yield return IPv6(44, Join(Hex(fragment), datagram));

        yield return IPv6(60, Join(Hex("11000104 00000000"), datagram));
        yield return IPv6(0, Join(Hex("00000104 00000000 11000104 00000000"), datagram));
        yield return IPv6(60, Join(Hex("00000104 00000000 11000104 00000000"), datagram));
        yield return IPv6(
            0,
            Join(Hex("3c000104 00000000 2c000104 00000000 06000001 00000001"), Tcp(1, 2, 0x10, "abc"))
        );
        string[] routes =
        [
            "11020001 00000000",
            "11020201 00000005",
            "11020401 00330005",
            "11010001 00000000",
            "11010401 00000000",
            "11010701 00000000",
        ];
        foreach (string route in routes)
            yield return IPv6(43, Join(Hex(route), new byte[16], datagram));
    }

    private static IEnumerable<byte[]> TcpSegments()
    {
        foreach (byte flags in (byte[])[0, 0x01, 0x02, 0x04, 0x10, 0x12, 0x18, 0x29, 0xff])
        {
            yield return IPv4(TcpProtocol, Tcp(1, 2, flags));
            yield return IPv4(TcpProtocol, Tcp(1, 2, flags, "0123456789abcdefghij"));
            yield return IPv6(TcpProtocol, Tcp(1, 2, flags, "payload"));
        }

        string[] options =
        [
            MaximumWindow,
            Sack,
            "0101 050a 1122334411224455",
            "0101 1312 00112233445566778899aabbccddeeff",
            "2206 61626364 0000",
            "2202 0101",
            "fe04 f989",
            "fe06 1234 5566 0000",
            "1c04 8005",
            "1d06 01020304 0000",
            "1d03 01 00",
            "1404 0102",
            "0b06 00000001 0000",
            "6305 616263 010101",
            "0203 0100",
            "0505 616263 000000",
            "0240 0000",
            "0200 0000",
            "0606 61626364 0706 61626364",
            "0d06 61626364 0000",
            "0304 0101",
            "fe02 0000",
            "1d02 0000",
            "01010101 0000 0000",
            "010101 05",
            "01010101 010101 63",
        ];
        foreach (string option in options)
        {
            yield return IPv4(TcpProtocol, Tcp(5000, 6000, 0x02, options: option));
            yield return IPv4(TcpProtocol, Tcp(5000, 6000, 0x10, "xyz", option));
        }

        yield return IPv4(TcpProtocol, Tcp(1, 2, 0x10, headerSize: 12));
        yield return IPv4(TcpProtocol, Tcp(1, 2, 0x10, headerSize: 60));
    }

    private static IEnumerable<byte[]> TextProtocols()
    {
        string[] payloads =
        [
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: b\r\n",
            "get /x HTTP/1.0\n",
            "body\r\n",
            "\0\u0001",
            "220 hi there\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n",
            "SSH-2.0-x",
            "SS",
            "RTSP/1.0 200 OK\r\n",
            "PLAY x RTSP/1.0\r\n",
            "GET /no-end",
            "GET / x\ry",
            "A\tB\r\n",
            "\r\n",
            " GET\r\n",
            "x 200\r\n",
            "x 2000\r\n",
            "GET x\r",
            "\u00e9 200\r\n",
        ];
        foreach (ushort port in (ushort[])[21, 22, 25, 53, 80, 554, 8080])
        {
            foreach (string payload in payloads)
                yield return IPv4(TcpProtocol, Tcp(40000, port, 0x18, payload));

            yield return IPv4(TcpProtocol, Tcp(port, 40000, 0x18, "GET / HTTP/1.1"), totalLength: 1000);
        }
    }

    private static IEnumerable<byte[]> Datagrams()
    {
        foreach (int length in (int[])[0, 7, 8, 12, 60000])
        {
            yield return IPv4(UdpProtocol, Udp(1000, 2000, "abcd"u8.ToArray(), length));
            yield return IPv4(UdpProtocol, Udp(1000, 2000, "abcd"u8.ToArray(), length), fragment: 0x2000);
        }

        foreach (string start in (string[])["01010600", "02010600", "03010600", "01060600", "01010500"])
        {
            byte[] message = Join(Hex(start), new byte[24], Hex("525400123456"), new byte[100]);
            yield return IPv4(UdpProtocol, Udp(68, 67, message));
            yield return IPv4(UdpProtocol, Udp(67, 68, message), totalLength: 600);
        }

        for (int mode = 0; mode < 8; mode++)
            yield return IPv4(UdpProtocol, Udp(123, 123, [(byte)(mode | (mode << 3)), .. new byte[47]]));
    }

    private static IEnumerable<byte[]> DomainMessages()
    {
        byte[] question = Question("www.example.com", 1);
        byte[] address = Record(1, [1, 2, 3, 4]);
        byte[] options = Join([0], Hex("0029 1000 01008000 0000"));
        List<byte[]> messages =
        [
            Dns(0x0100, 1, 0, 0, 0, question),
            Dns(0x0130, 1, 0, 0, 1, Question("v6.example", 28), options),
            Dns(0x8180, 1, 2, 0, 0, question, Record(5, Name("a.b")), address),
            Dns(0x85a3, 1, 0, 1, 1, question, Record(6, new byte[22]), options),
            Dns(0x8180, 1, 1, 0, 0, question, Record(28, Hex("20010db8000000000000000000000001"))),
            Dns(0x8380, 1, 1, 0, 0, question, Record(15, Join([0, 10], Name("mx")))),
            Dns(0x8180, 1, 1, 0, 0, question, Record(16, "\u0005hello\u0003a\u0001\u007f"u8.ToArray())),
            Dns(0x8180, 1, 1, 0, 0, question, Record(33, Join(Hex("0001 0002 0050"), Name("srv.x")))),
            Dns(
                0x8180,
                1,
                3,
                0,
                0,
                question,
                Record(12, Hex("c00c")),
                Record(2, Hex("03 646e73 c010")),
                Record(39, Hex("00"))
            ),
            Dns(0x8180, 1, 1, 0, 0, question, Record(12, Hex("c040"))),
            Dns(0x8180, 1, 1, 0, 0, question, Record(12, Hex("80"))),
            Dns(0x8180, 1, 2, 0, 0, question, Record(99, []), Record(4660, [], 3)),
            Dns(0x8180, 1, 1, 0, 0, question, Record(41, [], 512)),
            Dns(0x0100, 2, 0, 0, 0, question, Question("", 255, 3)),
            Dns(0x0100, 0, 0, 0, 0),
            Dns(0x0900, 1, 1, 0, 0, question, address),
            Dns(0x2800, 1, 0, 2, 0, Question("up", 6, 254), address),
            Dns(0x0100, 1, 0, 0, 0, Question("\u0001\u00ff.x", 16, 77)),
            Dns(0x0100, 1, 0, 0, 0, Question(string.Join('.', Enumerable.Repeat(new string('a', 60), 5)), 1)),
            Dns(0x8001, 3, 1, 0, 0, question, question),
        ];
        string[] extensions =
        [
            "0008 0007 0001 18 00 010203",
            "0008 0008 0001 20 10 01020304 000a 0008 0102030405060708",
            "0008 000c 0002 40 00 20010db800000001",
            "0008 0006 0003 18 00 0102",
            "0008 0005 0001 18 00 01",
            "0008 0004 0001 00 00",
            "0008 0002 0001",
            "0008 0007 0001 18 00 0102",
            "000a 0001 01",
            "0003 0003 616263 0003 0000",
            "000b 0002 0005 000b 0000 000b 0001 01",
            "000c 0003 000000",
            "0009 0004 00000005 0009 0002 0001",
            "000e 0004 0001 0002 000e 0003 000102",
            "000f 0002 0001 0010 0001 78 0011 0000 fde9 0002 0102 0001 0001 61 0002 0001 61 0004 0001 61",
            "0008 00",
        ];
        foreach (string extension in extensions)
            messages.Add(Dns(0x8180, 1, 1, 0, 0, question, Record(41, Hex(extension), 1232)));

        for (int code = 0; code < 16; code++)
            messages.Add(Dns((ushort)(0x8000 | (code << 11) | code), 1, 0, 0, 0, question));

        foreach (byte[] message in messages)
        {
            yield return IPv4(UdpProtocol, Udp(53, 4444, message));
            yield return IPv6(UdpProtocol, Udp(5353, 5353, message));
        }

        yield return IPv4(UdpProtocol, Udp(5353, 5353, Dns(0, 1, 0, 0, 0, Question("x.local", 12, 0x8001))));
        yield return IPv4(UdpProtocol, Udp(5353, 5353, Dns(0x8400, 0, 1, 0, 0, Record(1, [1, 2, 3, 4], 0x8001))));
        string overTcp = string.Concat("\0\x21", string.Concat(messages[0].Select(value => (char)value)));
        yield return IPv4(TcpProtocol, Tcp(53, 99, 0x18, overTcp));
    }

    private static IEnumerable<byte[]> Groups()
    {
        foreach (byte type in (byte[])[0x11, 0x12, 0x16, 0x17, 0x22, 0x99])
        {
            foreach (byte code in (byte[])[0, 50, 100, 0xb5, 0xff])
            {
                yield return IPv4(Igmp, Join([type, code, 0, 0, 224, 0, 0, 1]));
                yield return IPv4(Igmp, Join([type, code, 0, 1, 0, 0, 0, 2], new byte[8]));
                yield return IPv4(Igmp, Join([type, code, 0, 1, 224, 0, 0, 2], Hex("027d0001 01020304")));
            }
        }
    }

    private static IEnumerable<byte[]> Errors()
    {
        for (byte type = 0; type < 20; type++)
        {
            for (byte code = 0; code < 18; code++)
                yield return IPv4(Icmp, Join([type, code, 0, 0, 0, 2, (byte)((type * code) & 0xff), 220], s_quoted));
        }

        yield return IPv4(Icmp, Join([3, 3, 0, 0, 0, 0, 0, 0], IPv4(TcpProtocol, Tcp(1, 2, 2))[14..]));
        yield return IPv4(Icmp, Join([3, 3, 0, 0, 0, 0, 0, 0], IPv4(99, new byte[8])[14..]));
        yield return IPv4(Icmp, Join(Hex("0900 0000 0102 1234 0a000001 00000005")));
        yield return IPv4(Icmp, Join(Hex("0900 0000 0003 0014")));
    }

    private static IEnumerable<byte[]> Errors6()
    {
        byte[] types = [1, 2, 3, 4, 5, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 141, 142, 143];
        foreach (byte type in types)
        {
            for (byte code = 0; code < 6; code++)
                yield return IPv6(IcmpV6, Join([type, code, 0, 0, 0, 9, 5, 220], s_quotedIPv6));
        }

        yield return IPv6(IcmpV6, Hex("8200 0000 2710 0000 ff020000000000000000000000000001"));
        yield return IPv6(IcmpV6, Hex("8200 0000 2710 0000 ff020000000000000000000000000001 00000001"));
        yield return IPv6(IcmpV6, Hex("8200 0000"));
        yield return IPv6(
            IcmpV6,
            Join(Hex("0104 0000 0000 0000"), IPv6(44, Join(Hex("06000000 00000001"), Tcp(1, 2, 2)))[14..])
        );
        yield return IPv6(IcmpV6, []);
        yield return IPv6(Icmp, Hex("0800 0000 0001 0002"));
    }
}
