using System.Buffers.Binary;
using System.Text.RegularExpressions;
using Osprey.Packets;
using Osprey.Tests.Builders.Traces;
using Osprey.Tests.Packets;
using Osprey.Tests.Recordings;
using static Osprey.Tests.Packets.PacketBuilder;

namespace Osprey.Tests.Cli.Trace;

/// <summary>Packets that a guest records as a frame and once more behind the frame's header.</summary>
public sealed partial class PacketLevelTests
{
    private const ulong Receiver = 0xffff800000a01040;
    private const ulong Other = 0xffff800000b02040;

    [Fact]
    public void PcapDump_Recording_HasOneFrameAPacket()
    {
        string path = Checkout.Tracefile("net");

        Assert.Equal(1110, CountFrames(Run("pcap-dump", path)));
        Assert.Equal(1481, CountFrames(Run("pcap-dump --all-levels", path)));
        Assert.Equal(1482, CountFrames(Run("pcap-dump --compat", path)));
    }

    [RequiresProgramFact("tshark")]
    public void PcapDump_Recording_HasThreeRetransmissions()
    {
        byte[] capture = Run("pcap-dump", Checkout.Tracefile("net"));

        string lines = OtherProgram.Run("tshark", capture, "-r", "-", "-Y", "tcp.analysis.retransmission");

        Assert.Equal(3, lines.Count(character => character == '\n'));
    }

    [RequiresProgramFact("tshark")]
    public void Export_Pcapng_HasOneFrameAPacket()
    {
        string path = Checkout.Tracefile("net");

        Assert.Equal(1110, Count(Run("export --to pcapng -x", path)));
        Assert.Equal(1481, Count(Run("export --to pcapng -x --all-levels", path)));

        static int Count(byte[] capture) =>
            OtherProgram.Run("tshark", capture, "-r", "-", "-T", "fields", "-e", "frame.number").Count(c => c == '\n');
    }

    [Fact]
    public void Tcpdump_PacketsAtTwoLevels_AreShownOnceAndOthersAllTheSame()
    {
        TracefileBuilder trace = Levels();

        Assert.Equal(
            ["1 in", "2 in", "5 in", "7 in", "8 in", "9 in", "10 in", "12 in", "13 in", "14 out", "15 in", "17 in"],
            Times("", trace)
        );
        Assert.Equal(
            [.. Enumerable.Range(1, 17).Where(time => time != 16).Select(time => time == 14 ? "14 out" : $"{time} in")],
            Times("--all-levels", trace)
        );
    }

    [Fact]
    public void Tcpdump_RangeThatBeginsBetweenTheLevels_ShowsThePacketNowhere() =>
        Assert.Equal(["5 in"], Times("--since 3ns --until 6ns", Levels()));

    [Fact]
    public void Tcpdump_RoutingMessage_IsNoPacketOfALink()
    {
        var builder = new TracefileBuilder();
        BuiltTracepoint received = Define(builder, "net_packet_in");
        builder.Add(Packet(received, 1, PacketProtocol.Route, Hex("c800 05 01 02 00 0001")));
        builder.Add(Packet(received, 2, PacketProtocol.Route, Hex("c800 05 63")));
        builder.Add(Packet(received, 3, PacketProtocol.Route, Hex("c800 04 01")));
        builder.Add(Packet(received, 4, PacketProtocol.Route, Hex("c800")));
        using var folder = new TraceFolder();
        folder.Write("trace", builder.Build());

        CommandRun words = CommandRun.Of("trace", "tcpdump", folder.GetPath("trace"));
        CommandRun capture = CommandRun.Of("trace", "pcap-dump", folder.GetPath("trace"));

        Assert.Equal(
            " 0.000000001 in  routing-socket message, RTM_ADD, length 200\n"
                + " 0.000000002 in  routing-socket message, type 99, length 200\n"
                + " 0.000000003 in  routing-socket message, version 4 (expected 5), length 4\n"
                + " 0.000000004 in  routing-socket message [|route]\n",
            words.Text
        );
        Assert.Equal(
            "osprey: note: 4 packets were left out: their protocol has no place in a capture file\n",
            capture.Messages
        );
        Assert.Equal(0, CountFrames(capture.Output));
    }

    [RequiresProgramFact("tcpdump")]
    public void List_LineThatEndsInBlanks_IsStrippedAsTheReferenceDoes()
    {
        var builder = new TracefileBuilder();
        BuiltTracepoint received = Define(builder, "net_packet_in");
        builder.Add(Packet(received, 1, PacketProtocol.Ethernet, Hex("000000000000 000000000000 3030 61626364")));
        using var transcript = new TraceTranscript(builder);
        transcript.Both("list --tcpdump --no-header");

        Assert.Contains("(0x3030), length 18:'\n", transcript.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_AllLevelsOfAnotherForm_IsAUsageError()
    {
        CommandRun run = CommandRun.Of("trace", "export", "--to", "csv", "--all-levels", Checkout.Tracefile("net"));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("--all-levels says nothing to --to csv", run.Messages, StringComparison.Ordinal);
    }

    /// <summary>Packets at times 1 to 17, of which those at 3, 4, 6 and 11 are the second record of a packet.</summary>
    private static TracefileBuilder Levels()
    {
        var builder = new TracefileBuilder();
        BuiltTracepoint received = Define(builder, "net_packet_in");
        BuiltTracepoint sent = Define(builder, "net_packet_out");
        BuiltTracepoint handled = Define(builder, "net_packet_handling");
        byte[] first = IPv4(17, Udp(1, 2, new byte[10]));
        byte[] second = IPv4(17, Udp(3, 4, new byte[120]));
        byte[] tagged = Ethernet(0x8100, Hex("0005 86dd").Concat(IPv6(17, Udp(5, 6, []))[14..]).ToArray());
        byte[] question = Ethernet(0x0806, Hex("0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"));
        return builder
            // Two threads at once, the second packet cut at either level
            .Add(Packet(received, 1, PacketProtocol.Ethernet, first))
            .Add(Packet(received, 2, PacketProtocol.Ethernet, second[..128], Other))
            .Add(Packet(received, 3, PacketProtocol.IPv4, first[14..]))
            .Add(Packet(received, 4, PacketProtocol.IPv4, second[14..142], Other))
            // Behind a VLAN tag
            .Add(Packet(received, 5, PacketProtocol.Ethernet, tagged))
            .Add(Packet(received, 6, PacketProtocol.IPv6, tagged[18..]))
            // The same packet a second time, whose frame was not recorded
            .Add(Packet(received, 7, PacketProtocol.IPv6, tagged[18..]))
            // Of the loopback interface, and of another thread
            .Add(Packet(received, 8, PacketProtocol.IPv4, second[14..]))
            .Add(Packet(received, 9, PacketProtocol.Ethernet, first))
            .Add(Packet(received, 10, PacketProtocol.IPv4, first[14..], Other))
            .Add(Packet(received, 11, PacketProtocol.IPv4, first[14..]))
            // Another packet than the frame's, and of another type
            .Add(Packet(received, 12, PacketProtocol.Ethernet, first))
            .Add(Packet(received, 13, PacketProtocol.IPv4, second[14..]))
            .Add(Packet(sent, 14, PacketProtocol.Ethernet, first))
            .Add(Packet(received, 15, PacketProtocol.Ethernet, question))
            // A frame that another thread hands on
            .Add(Packet(handled, 16, PacketProtocol.Ethernet, question, Other))
            .Add(Packet(received, 17, PacketProtocol.IPv4, question[14..], Other));
    }

    private static BuiltTracepoint Define(TracefileBuilder builder, string name) =>
        builder.Define(name, "i*", "proto=%d, data=%s");

    private static BuiltSample Packet(
        BuiltTracepoint tracepoint,
        ulong time,
        PacketProtocol protocol,
        byte[] bytes,
        ulong thread = Receiver
    ) =>
        new(tracepoint)
        {
            Time = time,
            Thread = thread,
            Arguments = [(int)protocol, bytes],
        };

    private static string[] Times(string options, TracefileBuilder trace)
    {
        using var folder = new TraceFolder();
        folder.Write("trace", trace.Build());
        string lines = System.Text.Encoding.UTF8.GetString(Run("tcpdump " + options, folder.GetPath("trace")));
        return
        [
            .. Line().Matches(lines).Select(match => $"{int.Parse(match.Groups[1].ValueSpan)} {match.Groups[2].Value}"),
        ];
    }

    private static byte[] Run(string commandLine, string path)
    {
        CommandRun run = CommandRun.Of([
            "trace",
            .. commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "--",
            path,
        ]);
        Assert.Equal(0, run.ExitCode);
        return run.Output;
    }

    private static int CountFrames(byte[] capture)
    {
        int count = 0;
        for (int at = 24; at < capture.Length; count++)
            at += 16 + BinaryPrimitives.ReadInt32LittleEndian(capture.AsSpan(at + 8));

        return count;
    }

    [GeneratedRegex(@"^ 0\.(\d{9}) (in|out) ", RegexOptions.Multiline)]
    private static partial Regex Line();
}
