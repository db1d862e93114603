using Osprey.Packets;

namespace Osprey.Tests.Packets;

public sealed class PacketFrameLengthTests
{
    private const int Ethernet = (int)PacketProtocol.Ethernet;

    [Fact]
    public void Get_CutIPv4_IsTheHeadersLength()
    {
        byte[] frame = PacketBuilder.IPv4(17, new byte[50], totalLength: 1400);

        Assert.Equal(1414u, PacketFrameLength.Get(Ethernet, frame));
        Assert.Equal(1414u, PacketFrameLength.Get((int)PacketProtocol.IPv4, frame.AsSpan(14)));
    }

    [Fact]
    public void Get_CutIPv6_IsTheHeadersLength()
    {
        byte[] frame = PacketBuilder.IPv6(17, new byte[50], payloadLength: 1000);

        Assert.Equal(1054u, PacketFrameLength.Get(Ethernet, frame));
        Assert.Equal(1054u, PacketFrameLength.Get((int)PacketProtocol.IPv6, frame.AsSpan(14)));
    }

    [Fact]
    public void Get_PaddedFrame_IsWhatWasCaptured()
    {
        byte[] frame = [.. PacketBuilder.IPv4(17, PacketBuilder.Udp(1, 2, [])), .. new byte[18]];

        Assert.Equal(60u, PacketFrameLength.Get(Ethernet, frame));
    }

    [Fact]
    public void Get_BehindVlanTag_IsTheHeadersLength()
    {
        byte[] packet = PacketBuilder.IPv4(17, new byte[50], totalLength: 1400)[14..];

        Assert.Equal(1418u, PacketFrameLength.Get(Ethernet, PacketBuilder.Ethernet(0x8100, [0, 5, 8, 0, .. packet])));
    }

    [Fact]
    public void Get_NothingToTellIt_IsWhatWasCaptured()
    {
        Assert.Equal(16u, PacketFrameLength.Get(Ethernet, PacketBuilder.Ethernet(0x0806, 1, 2)));
        Assert.Equal(16u, PacketFrameLength.Get((int)PacketProtocol.Arp, [1, 2]));
        Assert.Equal(2u, PacketFrameLength.Get((int)PacketProtocol.Natm, [1, 2]));
        Assert.Equal(0u, PacketFrameLength.Get(Ethernet, []));
        Assert.Equal(54u, PacketFrameLength.Get(Ethernet, PacketBuilder.IPv6(17, [], payloadLength: 0)));
    }
}
