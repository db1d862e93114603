using Osprey.Packets;
using Osprey.Packets.Pcap;
using Osprey.Session.Packets;
using static Osprey.Tests.Packets.PacketBuilder;

namespace Osprey.Tests.Packets;

public sealed class TcpdumpProcessTests
{
    private const int EthernetProtocol = (int)PacketProtocol.Ethernet;

    private static readonly CapturedPacket[] s_samples =
    [
        .. RecordedPacket
            .All.Where(packet => packet.Protocol != (int)PacketProtocol.Route)
            .Select(packet => new CapturedPacket(packet.Protocol, packet.Captured)),
        .. BuiltPackets.All.Select(frame => new CapturedPacket(EthernetProtocol, frame)),
    ];

    [RequiresProgramFact("tcpdump")]
    public void Decode_EveryPacket_IsWhatAProcessOfItsOwnSays()
    {
        // Each process costs a while, so of the built packets only every fifth.
        CapturedPacket[] packets =
        [
            .. s_samples.Where((_, index) => index < RecordedPacket.All.Count || index % 5 == 0),
        ];
        using TcpdumpProcess tcpdump = new();

        Assert.Equal(
            packets.Select(DecodeAlone),
            packets.Select(packet => tcpdump.Decode(packet.Protocol, packet.Captured.Span))
        );
    }

    [RequiresProgramFact("tcpdump")]
    public void Decode_SackBlocks_AreRelativeAsForALonePacket()
    {
        CapturedPacket[] packets =
        [
            .. s_samples.Where(packet => DecodeAlone(packet)!.Contains("sack ", StringComparison.Ordinal)),
        ];
        using TcpdumpProcess tcpdump = new();

        Assert.NotEmpty(packets);
        Assert.Equal(
            packets.Select(DecodeAlone),
            packets.Select(packet => tcpdump.Decode(packet.Protocol, packet.Captured.Span))
        );
    }

    [RequiresProgramFact("tcpdump")]
    public void Decode_ProtocolsThatTcpdumpRemembers_AreAsAlone()
    {
        CapturedPacket[] packets = [.. Remembered().Select(frame => new CapturedPacket(EthernetProtocol, frame))];
        string?[] alone = [.. packets.Select(DecodeAlone)];
        using TcpdumpProcess single = new();
        using TcpdumpProcess tcpdump = new();

        Assert.NotEqual(alone, DecodeTogether(packets)); // else this shows nothing
        Assert.Equal(alone, packets.Select(packet => single.Decode(packet.Protocol, packet.Captured.Span)));
        Assert.Equal(alone, tcpdump.DecodeAll(packets));
    }

    [RequiresProgramFact("tcpdump")]
    public void Decode_LongFrame_IsShownWholeButAsTheReferenceDoes()
    {
        const string Md5Signature = "0101 1312 00112233445566778899aabbccddeeff";
        byte[] frame = IPv4(6, Tcp(5000, 6000, 0x10, new string('x', 2000), Md5Signature));
        using TcpdumpProcess tcpdump = new();
        using TcpdumpProcess reference = new(asReference: true);

        Assert.Contains(
            "shared secret not supplied",
            tcpdump.Decode(EthernetProtocol, frame),
            StringComparison.Ordinal
        );
        Assert.Contains("snaplen too short", reference.Decode(EthernetProtocol, frame), StringComparison.Ordinal);
    }

    [RequiresProgramFact("tcpdump")]
    public void DecodeAll_MorePacketsThanPipesHold_IsWhatOneAtATimeGives()
    {
        using TcpdumpProcess single = new();
        string?[] expected = [.. s_samples.Select(packet => single.Decode(packet.Protocol, packet.Captured.Span))];
        const int Rounds = 30;
        using TcpdumpProcess tcpdump = new();

        string?[] lines = [.. tcpdump.DecodeAll(Enumerable.Repeat(s_samples, Rounds).SelectMany(packets => packets))];

        Assert.Equal(Rounds * s_samples.Length, lines.Length);
        foreach (string?[] round in lines.Chunk(s_samples.Length))
            Assert.Equal(expected, round);
    }

    [RequiresProgramFact("tcpdump")]
    public void DecodeAll_ProtocolsWithoutEtherType_AreNullInTheirPlace()
    {
        CapturedPacket unframed = new((int)PacketProtocol.Natm, new byte[4]);
        CapturedPacket[] packets = [unframed, s_samples[0], unframed, unframed, s_samples[1]];
        using TcpdumpProcess tcpdump = new();

        Assert.Equal(
            [null, DecodeAlone(s_samples[0]), null, null, DecodeAlone(s_samples[1])],
            tcpdump.DecodeAll(packets)
        );
    }

    [RequiresProgramFact("tcpdump")]
    public void DecodeAll_GivenUpHalfway_EndsTheProcessAndTheSender()
    {
        int asked = 0;
        using (TcpdumpProcess tcpdump = new())
            Assert.Equal(10, tcpdump.DecodeAll(Endless()).Take(10).Count());

        int afterwards = Volatile.Read(ref asked);
        Assert.InRange(afterwards, 10, 100_000); // what the queue and the pipes hold, and no more

        IEnumerable<CapturedPacket> Endless()
        {
            while (true)
            {
                Interlocked.Increment(ref asked);
                yield return s_samples[0];
            }
        }
    }

    [RequiresProgramFact("tcpdump")]
    public void DecodeAll_SourceThrows_ThrowsThatAfterTheLinesBefore()
    {
        using TcpdumpProcess tcpdump = new();
        List<string?> lines = [];

        InvalidOperationException problem = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (string? line in tcpdump.DecodeAll(Broken()))
                lines.Add(line);
        });

        Assert.Equal("the trace is broken", problem.Message);
        Assert.Equal([DecodeAlone(s_samples[0])], lines);

        static IEnumerable<CapturedPacket> Broken()
        {
            yield return s_samples[0];
            throw new InvalidOperationException("the trace is broken");
        }
    }

    [Fact]
    public void Constructor_NoSuchProgram_SaysSo()
    {
        Assert.Equal(
            "no-such-tcpdump: no such program",
            Assert.Throws<TcpdumpException>(() => new TcpdumpProcess("no-such-tcpdump")).Message
        );
        Assert.Equal(
            "/no/tcpdump: no such program",
            Assert.Throws<TcpdumpException>(() => new TcpdumpProcess("/no/tcpdump")).Message
        );
    }

    [Fact]
    public void Constructor_NotExecutable_SaysSo()
    {
        string path = GoldenFile.GetPath("osv-packets.txt");

        Assert.StartsWith(
            $"{path}: can't be started: ",
            Assert.Throws<TcpdumpException>(() => new TcpdumpProcess(path)).Message
        );
    }

    [Fact]
    public void Decode_ProgramDies_SaysHow()
    {
        using FakeProgram program = new("echo 'tcpdump: no permission' >&2; exit 3");
        using TcpdumpProcess tcpdump = new(program.Path);

        TcpdumpException problem = Assert.Throws<TcpdumpException>(() =>
            tcpdump.Decode(EthernetProtocol, s_samples[0].Captured.Span)
        );

        Assert.Equal($"{program.Path} ended with code 3 after 0 packets: tcpdump: no permission", problem.Message);
    }

    [Fact]
    public void DecodeAll_ProgramDies_SaysHowAfterTheLinesBefore()
    {
        using FakeProgram program = new(
            "echo '0.000000 one'; echo '	more of one'; echo '7.000000 forged'; echo '1.000000 two'; exit 4"
        );
        using TcpdumpProcess tcpdump = new(program.Path);
        List<string?> lines = [];

        TcpdumpException problem = Assert.Throws<TcpdumpException>(() =>
        {
            foreach (string? line in tcpdump.DecodeAll(Enumerable.Repeat(s_samples[0], 100_000)))
                lines.Add(line);
        });

        Assert.Equal(["one", "two"], lines);
        Assert.Equal($"{program.Path} ended with code 4 after 2 packets", problem.Message);
    }

    /// <summary>
    /// Two packets of each protocol, of which the second is shown by what is remembered of the first.
    /// </summary>
    private static IEnumerable<byte[]> Remembered()
    {
        byte[] answer = Hex("0102030405060708 1112131415161718 01100200 00000000 0000001c");
        byte[] begin = [.. answer[..8], .. new byte[8], .. answer[16..]];
        byte[][] isakmp = [IPv4(17, Udp(500, 500, begin)), Back(IPv4(17, Udp(500, 500, answer)))];
        byte[] call = Hex(
            "00000007 00000000 00000002 000186a3 00000003 00000001 00000000 00000000 00000000 00000000 "
                + "00000004 01020304"
        );
        byte[] reply = Hex("00000007 00000001 00000000 00000000 00000000 00000000 00000002");
        byte[][] nfs = [IPv4(17, Udp(900, 2049, call)), Back(IPv4(17, Udp(2049, 900, reply)))];
        byte[][] tunnel =
        [
            .. isakmp.Select(frame => IPv4(4, frame[14..])),
            .. nfs.Select(frame => Ethernet(0x8847, Join(Hex("00010140"), frame[14..]))),
        ];
        return [.. isakmp, .. nfs, .. tunnel];
    }

    /// <summary>The packet with its addresses exchanged.</summary>
    private static byte[] Back(byte[] frame) => [.. frame[..26], .. frame[30..34], .. frame[26..30], .. frame[34..]];

    private static string[] DecodeTogether(CapturedPacket[] packets)
    {
        using MemoryStream file = new();
        PcapWriter writer = new(file, PcapVariant.Compatible);
        foreach (CapturedPacket packet in packets)
            Assert.True(writer.TryWrite(0, packet.Protocol, packet.Captured.Span));

        writer.Flush();
        return OtherProgram
            .Run("tcpdump", file.ToArray(), "-nn", "-t", "-S", "-r", "-")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string? DecodeAlone(CapturedPacket packet)
    {
        using MemoryStream file = new();
        PcapWriter writer = new(file, PcapVariant.Microsecond);
        Assert.True(writer.TryWrite(0, packet.Protocol, packet.Captured.Span));
        writer.Flush();
        return OtherProgram.Run("tcpdump", file.ToArray(), "-nn", "-t", "-r", "-").Split('\n')[0];
    }
}
