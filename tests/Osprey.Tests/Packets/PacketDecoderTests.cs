using System.Buffers;
using System.Text;
using Osprey.Packets;
using Osprey.Session.Packets;

namespace Osprey.Tests.Packets;

public sealed class PacketDecoderTests
{
    private const int Ethernet = (int)PacketProtocol.Ethernet;

    [Fact]
    public void Decode_RecordedPackets_AreTcpdumpsLines() =>
        GoldenFile.Verify(Render(RecordedPacket.All.Select(packet => (packet.Protocol, packet.Captured))));

    [Fact]
    public void Decode_BuiltPackets_AreTcpdumpsLines() =>
        GoldenFile.Verify(Render(BuiltPackets.All.Select(frame => (Ethernet, frame))));

    [Fact]
    public void Decode_ProtocolsWithoutLinkHeader_AreDecodedOrSummed()
    {
        byte[] packet = RecordedPacket.All[0].Captured[14..];
        GoldenFile.Verify(Render(Enumerable.Range(-1, 16).Select(protocol => (protocol, packet))));
    }

    [RequiresProgramFact("tcpdump")]
    public void Decode_RecordedAndBuiltPackets_AgreeWithTcpdump()
    {
        List<CapturedPacket> packets =
        [
            .. RecordedPacket
                .All.Where(packet => packet.Protocol != (int)PacketProtocol.Route)
                .Select(packet => new CapturedPacket(packet.Protocol, packet.Captured)),
            .. BuiltPackets.All.Select(frame => new CapturedPacket(Ethernet, frame)),
        ];
        AssertAgreesWithTcpdump(packets);
    }

    [RequiresProgramFact("tcpdump")]
    public void Decode_PacketsCutAtEveryByte_AgreeWithTcpdump() => AssertAgreesWithTcpdump(CutAtEveryByte());

    [Fact]
    public void Decode_PacketsCutAtEveryByte_NeverThrowsAndStaysOnOneLine()
    {
        foreach (CapturedPacket packet in CutAtEveryByte())
            AssertIsOneLine(Decode(packet.Protocol, packet.Captured.Span));
    }

    [Fact]
    public void Decode_MutatedPackets_NeverThrowsAndStaysOnOneLine()
    {
        Random random = new(20140401);
        byte[][] seeds =
        [
            .. RecordedPacket.All.Select(packet => packet.Captured),
            .. BuiltPackets.All.Where(frame => frame.Length > 14),
        ];
        for (int i = 0; i < 200_000; i++)
        {
            byte[] packet = (byte[])seeds[random.Next(seeds.Length)].Clone();
            for (int changes = random.Next(1, 5); changes > 0; changes--)
                packet[random.Next(12, packet.Length)] = (byte)(random.Next(3) == 0 ? 0xff : random.Next(256));

            int size = random.Next(2) == 0 ? packet.Length : random.Next(packet.Length);
            AssertIsOneLine(Decode(Ethernet, packet.AsSpan(0, size)));
            if (size > 14)
                AssertIsOneLine(Decode(random.Next(15), packet.AsSpan(14, size - 14)));
        }
    }

    [Fact]
    public void Decode_RandomBytes_NeverThrowsAndStaysOnOneLine()
    {
        Random random = new(1);
        byte[] packet = new byte[300];
        for (int i = 0; i < 50_000; i++)
        {
            random.NextBytes(packet);
            AssertIsOneLine(Decode(random.Next(15), packet.AsSpan(0, random.Next(packet.Length))));
        }
    }

    [Fact]
    public void Decode_TunnelsInTunnels_EndAtADepth()
    {
        byte[] packet = PacketBuilder.IPv4(99, [])[14..];
        for (int i = 0; i < 40; i++)
            packet = PacketBuilder.IPv4(4, packet)[14..];

        string header = "IP 10.0.0.1 > 192.168.122.15: ";
        string expected = string.Concat(Enumerable.Repeat(header, 17)) + " ip-proto-4 480";
        Assert.Equal(expected, Decode((int)PacketProtocol.IPv4, packet));
    }

    private static string Render(IEnumerable<(int Protocol, byte[] Captured)> packets) =>
        string.Concat(packets.Select(packet => Decode(packet.Protocol, packet.Captured) + "\n"));

    private static string Decode(int protocol, ReadOnlySpan<byte> captured)
    {
        ArrayBufferWriter<byte> output = new();
        PacketDecoder.Decode(protocol, captured, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static IEnumerable<CapturedPacket> CutAtEveryByte()
    {
        foreach (byte[] frame in RecordedPacket.All.Select(packet => packet.Captured).Concat(BuiltPackets.All))
        {
            for (int size = 0; size < frame.Length; size++)
                yield return new CapturedPacket(Ethernet, frame.AsMemory(0, size));
        }
    }

    private static void AssertIsOneLine(string line)
    {
        Assert.NotEqual("", line);
        Assert.False(line.AsSpan().ContainsAnyExceptInRange(' ', '~') && !line.Contains('\t'), line);
    }

    /// <summary>
    /// Where tcpdump's line stops because a hex dump follows, ours goes on with the dump's first bytes.
    /// </summary>
    private static void AssertAgreesWithTcpdump(IEnumerable<CapturedPacket> packets)
    {
        List<CapturedPacket> list = [.. packets];
        using TcpdumpProcess tcpdump = new();
        List<string> differences = [];
        foreach ((CapturedPacket packet, string? theirs) in list.Zip(tcpdump.DecodeAll(list)))
        {
            string ours = Decode(packet.Protocol, packet.Captured.Span);
            bool isSummed =
                theirs is not null
                && theirs.EndsWith(' ')
                && !theirs.StartsWith("IP", StringComparison.Ordinal)
                && ours.StartsWith(theirs, StringComparison.Ordinal);
            if (ours != theirs && !isSummed)
                differences.Add($"tcpdump: {theirs}\nosprey:  {ours}\n{Convert.ToHexString(packet.Captured.Span)}");
        }

        Assert.Equal([], differences.Take(5));
    }
}
