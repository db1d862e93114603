using Osprey.Packets;
using Osprey.Packets.Pcap;

namespace Osprey.Tests.Packets.Pcap;

public sealed class PcapngWriterTests
{
    private const int Ethernet = (int)PacketProtocol.Ethernet;

    private const string SectionHeader =
        "0A0D0D0A2C000000" + "4D3C2B1A01000000FFFFFFFFFFFFFFFF" + "040006004F73707265790000" + "00000000" + "2C000000";

    private const string InterfaceIn =
        "010000002800000001000000000000000200020" + "0696E0000" + "0900010009000000" + "00000000" + "28000000";

    [Fact]
    public void TryWrite_CommentAndDirection_IsAPaddedBlock() =>
        Assert.Equal(
            SectionHeader
                + InterfaceIn
                + "0600000038000000"
                + "00000000"
                + "02000000"
                + "03000000"
                + "0300000003000000"
                + "01020300"
                + "01000300"
                + "61C3A400"
                + "02000400"
                + "01000000"
                + "00000000"
                + "38000000",
            Write(writer =>
            {
                int index = writer.AddInterface("in");
                Assert.True(writer.TryWrite(index, 0x2_0000_0003, PacketDirection.Inbound, Ethernet, [1, 2, 3], "aä"));
            })
        );

    [Fact]
    public void TryWrite_NoCommentAndNoDirection_HasNoOptions() =>
        Assert.Equal(
            SectionHeader
                + InterfaceIn
                + "0600000024000000"
                + "0000000000000000090000000400000004000000"
                + "0A0B0C0D"
                + "24000000",
            Write(writer =>
                writer.TryWrite(writer.AddInterface("in"), 9, PacketDirection.Unknown, Ethernet, [10, 11, 12, 13])
            )
        );

    [Fact]
    public void TryWrite_ProtocolWithoutEtherType_IsRefusedAndWritesNothing() =>
        Assert.Equal(
            SectionHeader + InterfaceIn,
            Write(writer =>
                Assert.False(
                    writer.TryWrite(
                        writer.AddInterface("in"),
                        0,
                        PacketDirection.Inbound,
                        (int)PacketProtocol.Natm,
                        [1]
                    )
                )
            )
        );

    [Fact]
    public void TryWrite_UnknownInterface_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Write(writer => writer.TryWrite(0, 0, PacketDirection.Unknown, Ethernet, []))
        );

    [RequiresProgramFact("tshark")]
    public void TryWrite_RecordedPackets_GiveTsharkAllThatWasWritten()
    {
        string hex = Write(writer =>
        {
            int[] interfaces = [writer.AddInterface("in"), writer.AddInterface("out")];
            foreach (RecordedPacket packet in RecordedPacket.All)
            {
                bool isOut = packet.Tracepoint == "net_packet_out";
                PacketDirection direction = isOut ? PacketDirection.Outbound : PacketDirection.Inbound;
                writer.TryWrite(
                    interfaces[isOut ? 1 : 0],
                    packet.Time,
                    direction,
                    packet.Protocol,
                    packet.Captured,
                    $"at {packet.Time}"
                );
            }
        });

        string fields = OtherProgram.Run(
            "tshark",
            Convert.FromHexString(hex),
            "-r",
            "-",
            "-T",
            "fields",
            "-e",
            "frame.time_epoch",
            "-e",
            "frame.interface_name",
            "-e",
            "frame.packet_flags_direction",
            "-e",
            "frame.comment",
            "-e",
            "frame.len"
        );

        Assert.Equal(string.Concat(RecordedPacket.Frames.Select(DescribeAsTshark)), fields);
    }

    [RequiresProgramFact("tshark")]
    public void TryWrite_LongestComment_IsCutAtACharacter()
    {
        string hex = Write(writer =>
            writer.TryWrite(
                writer.AddInterface("in"),
                0,
                PacketDirection.Inbound,
                Ethernet,
                new byte[60],
                new string('ä', 40_000)
            )
        );

        string comment = OtherProgram.Run(
            "tshark",
            Convert.FromHexString(hex),
            "-r",
            "-",
            "-T",
            "fields",
            "-e",
            "frame.comment"
        );

        Assert.Equal(new string('ä', 32_767) + "\n", comment);
    }

    [RequiresProgramFact("capinfos")]
    public void AddInterface_AnyTime_IsReadByCapinfos()
    {
        string hex = Write(writer =>
        {
            int first = writer.AddInterface("in");
            writer.TryWrite(first, 1, PacketDirection.Inbound, Ethernet, new byte[61]);
            int second = writer.AddInterface("out");
            writer.TryWrite(second, 2, PacketDirection.Outbound, Ethernet, new byte[62]);
            writer.TryWrite(second, 3, PacketDirection.Outbound, Ethernet, new byte[63], "");
        });
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Convert.FromHexString(hex));
            string[] report = OtherProgram.Run("capinfos", [], "-TMrtEcdI", path).Split('\n')[0].Split('\t');

            Assert.Equal([path, "pcapng", "ether", "3", "186"], [.. report.Take(5)]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string DescribeAsTshark(RecordedPacket packet)
    {
        bool isOut = packet.Tracepoint == "net_packet_out";
        string time = $"{packet.Time / 1_000_000_000}.{packet.Time % 1_000_000_000:D9}";
        uint length = PacketFrameLength.Get(packet.Protocol, packet.Captured);
        return $"{time}\t{(isOut ? "out" : "in")}\t{(isOut ? "0x00000002" : "0x00000001")}\tat "
            + $"{packet.Time}\t{length}\n";
    }

    private static string Write(Action<PcapngWriter> write)
    {
        using MemoryStream output = new();
        PcapngWriter writer = new(output);
        write(writer);
        writer.Flush();
        return Convert.ToHexString(output.ToArray());
    }
}
