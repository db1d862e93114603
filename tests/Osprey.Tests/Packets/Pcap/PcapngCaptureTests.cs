using Osprey.Packets;
using Osprey.Packets.Captures;
using Osprey.Packets.Pcap;
using Osprey.Tests.Session.Captures;

namespace Osprey.Tests.Packets.Pcap;

/// <summary>Tests captured packets in pcapng, with what was lost, against the programs of Wireshark.</summary>
public sealed class PcapngCaptureTests
{
    [Fact]
    public void Statistics_OfAnInterface_AreReadBack()
    {
        CaptureReader reader = CaptureReader.Open(new MemoryStream(Write()), "capture");
        while (reader.TryRead(out _))
        {
            // The counts are at the end.
        }

        Assert.Equal(2, reader.Count);
        Assert.Equal(3UL, reader.DropCount);
        Assert.Null(reader.Defect);
    }

    [RequiresProgramFact("tshark")]
    public void Packets_AsTsharkSeesThem() =>
        Assert.Equal(
            "net0|0x00000001|CPU 0: 1 (init)|94\nnet0|0x00000002||94\n",
            OtherProgram.Run(
                "tshark",
                Write(),
                [
                    "-r",
                    "-",
                    "-T",
                    "fields",
                    "-E",
                    "separator=|",
                    .. Fields("interface_name", "packet_flags", "comment", "len"),
                ]
            )
        );

    private static byte[] Write()
    {
        var stream = new MemoryStream();
        var pcap = new PcapngWriter(stream);
        int index = pcap.AddInterface("net0", "virtio-net of a test", 1);
        byte[] frame = CapturedFrames.Udp(1, 52);
        pcap.WritePacket(index, 1_500_000_000, PacketDirection.Inbound, frame, 94, "CPU 0: 1 (init)", 2);
        pcap.WritePacket(index, 1_600_000_000, PacketDirection.Outbound, frame, 94, null, 5);
        pcap.WriteStatistics(index, 1_000_000_000, 2_000_000_000, 5, 3, "3 packets overwritten");
        pcap.Flush();
        return stream.ToArray();
    }

    private static IEnumerable<string> Fields(params string[] names) =>
        names.SelectMany(name => (string[])["-e", $"frame.{name}"]);
}
