using Osprey.Packets;
using Osprey.Packets.Pcap;
using Osprey.Session.Packets;

namespace Osprey.Tests.Packets;

public sealed class TcpdumpProcessTests
{
    private const int Ethernet = (int)PacketProtocol.Ethernet;

    private static readonly CapturedPacket[] s_samples =
    [
        .. RecordedPacket.All.Select(packet => new CapturedPacket(packet.Protocol, packet.Captured)),
        .. BuiltPackets.All.Select(frame => new CapturedPacket(Ethernet, frame)),
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
            tcpdump.Decode(Ethernet, s_samples[0].Captured.Span)
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

    private static string? DecodeAlone(CapturedPacket packet)
    {
        using MemoryStream file = new();
        PcapWriter writer = new(file, PcapVariant.Compatible);
        Assert.True(writer.TryWrite(0, packet.Protocol, packet.Captured.Span));
        writer.Flush();
        return OtherProgram.Run("tcpdump", file.ToArray(), "-nn", "-t", "-r", "-").Split('\n')[0];
    }
}
