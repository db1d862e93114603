using Osprey.Packets;
using Osprey.Packets.Pcap;

namespace Osprey.Tests.Packets.Pcap;

public sealed class PcapWriterTests
{
    private const int Ethernet = (int)PacketProtocol.Ethernet;
    private const string CompatibleHeader = "D4C3B2A1020004000000000000000000DC05000001000000";
    private const string NanosecondHeader = "4D3CB2A1020004000000000000000000FFFF000001000000";

    [Fact]
    public void TryWrite_Compatible_IsTheReferencesBytes() =>
        Assert.Equal(
            CompatibleHeader + "010000000842030035000000350000000" + new string('0', (2 * 53) - 1),
            Write(PcapVariant.Compatible, 0, (1213511843, Ethernet, new byte[53]))
        );

    [Theory]
    [InlineData(0, "0000000000000000")]
    [InlineData(1_999_999_499, "010000003F420F00")]
    [InlineData(1_999_999_600, "0100000040420F00")] // a whole second of microseconds
    [InlineData(2_500, "0000000002000000")] // halves go to the even number
    [InlineData(3_500, "0000000004000000")]
    public void TryWrite_Compatible_RoundsMicroseconds(ulong time, string expected) =>
        Assert.Equal(expected, Write(PcapVariant.Compatible, 0, (time, Ethernet, []))[48..64]);

    [Fact]
    public void TryWrite_Nanosecond_KeepsTimeAndWireLength()
    {
        byte[] frame = PacketBuilder.IPv4(17, [], totalLength: 1000);

        Assert.Equal(
            NanosecondHeader + "01000000639AB90C22000000F6030000" + Convert.ToHexString(frame),
            Write(PcapVariant.Nanosecond, 0, (1213490275, Ethernet, frame))
        );
    }

    [Fact]
    public void TryWrite_WallClockBase_IsAddedToTheTime() =>
        Assert.Equal(
            "2A0BF36505000000",
            Write(PcapVariant.Nanosecond, 1710426921_000000000, (1_000000005, Ethernet, []))[48..64]
        );

    [Fact]
    public void TryWrite_NetworkLayer_GetsAnEthernetHeader() =>
        Assert.Equal(
            CompatibleHeader + "00000000000000001000000010000000" + "000000000000000000000000" + "0806" + "AABB",
            Write(PcapVariant.Compatible, 0, (0, (int)PacketProtocol.Arp, [0xaa, 0xbb]))
        );

    [Fact]
    public void TryWrite_ProtocolWithoutEtherType_IsRefusedAndWritesNothing()
    {
        using MemoryStream output = new();
        PcapWriter writer = new(output);

        Assert.False(writer.TryWrite(0, (int)PacketProtocol.Igmp, [1]));
        Assert.True(writer.TryWrite(0, Ethernet, [1]));
        writer.Flush();

        Assert.Equal(1, writer.Count);
        Assert.Equal(24 + 16 + 1, output.Length);
    }

    [Fact]
    public void Flush_NoPackets_LeavesAnEmptyFile() => Assert.Equal(NanosecondHeader, Write(PcapVariant.Nanosecond, 0));

    [RequiresProgramFact("capinfos")]
    public void TryWrite_Nanosecond_IsReadByCapinfos()
    {
        (ulong, int, byte[])[] packets =
        [
            .. RecordedPacket.Frames.Select(packet => (packet.Time, packet.Protocol, packet.Captured)),
        ];
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Convert.FromHexString(Write(PcapVariant.Nanosecond, 0, packets)));
            string[] report = OtherProgram.Run("capinfos", [], "-TMrtEck", path).TrimEnd().Split('\t');

            Assert.Equal(
                [path, "nsecpcap", "ether", packets.Length.ToString()],
                [report[0], report[1], report[2], report[^1]]
            );
        }
        finally
        {
            File.Delete(path);
        }
    }

    [RequiresProgramFact("tshark")]
    public void TryWrite_Nanosecond_GivesTsharkTimesAndLengths()
    {
        (ulong, int, byte[])[] packets =
        [
            .. RecordedPacket.Frames.Select(packet => (packet.Time, packet.Protocol, packet.Captured)),
        ];

        string fields = OtherProgram.Run(
            "tshark",
            Convert.FromHexString(Write(PcapVariant.Nanosecond, 0, packets)),
            "-r",
            "-",
            "-T",
            "fields",
            "-e",
            "frame.time_epoch",
            "-e",
            "frame.cap_len",
            "-e",
            "frame.len"
        );

        Assert.Equal(
            string.Concat(
                RecordedPacket.Frames.Select(packet =>
                    $"{packet.Time / 1_000_000_000}.{packet.Time % 1_000_000_000:D9}\t"
                    + $"{packet.Captured.Length + GetHeaderSize(packet)}\t"
                    + $"{PacketFrameLength.Get(packet.Protocol, packet.Captured)}\n"
                )
            ),
            fields
        );
    }

    private static int GetHeaderSize(RecordedPacket packet) =>
        packet.Protocol == Ethernet ? 0 : PacketLinkLayer.HeaderSize;

    private static string Write(
        PcapVariant variant,
        ulong wallClockBase,
        params (ulong Time, int Protocol, byte[] Captured)[] packets
    )
    {
        using MemoryStream output = new();
        PcapWriter writer = new(output, variant, wallClockBase);
        foreach ((ulong time, int protocol, byte[] captured) in packets)
            Assert.True(writer.TryWrite(time, protocol, captured));

        writer.Flush();
        return Convert.ToHexString(output.ToArray());
    }
}
