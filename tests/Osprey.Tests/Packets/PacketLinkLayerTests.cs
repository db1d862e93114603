using Osprey.Packets;

namespace Osprey.Tests.Packets;

public sealed class PacketLinkLayerTests
{
    [Theory]
    [InlineData(PacketProtocol.IPv4, "0800")]
    [InlineData(PacketProtocol.Aarp, "80F3")]
    [InlineData(PacketProtocol.Arp, "0806")]
    [InlineData(PacketProtocol.Ipx, "8137")]
    [InlineData(PacketProtocol.IPv6, "86DD")]
    public void TryGetHeader_NetworkLayer_GivesZeroAddressesAndType(PacketProtocol protocol, string etherType)
    {
        byte[] header = [.. Enumerable.Repeat((byte)0xcc, 16)];

        Assert.True(PacketLinkLayer.TryGetHeader((int)protocol, header, out int size));

        Assert.Equal(14, size);
        Assert.Equal("000000000000000000000000" + etherType + "CCCC", Convert.ToHexString(header));
    }

    [Theory]
    [InlineData(PacketProtocol.Route, "8035")]
    [InlineData(PacketProtocol.Aarp, "0806")]
    public void TryGetHeader_AsReference_TakesItsTypes(PacketProtocol protocol, string etherType)
    {
        byte[] header = new byte[14];

        Assert.True(PacketLinkLayer.TryGetHeader((int)protocol, header, out _, asReference: true));
        Assert.Equal(etherType, Convert.ToHexString(header[12..]));
    }

    [Fact]
    public void TryGetHeader_Ethernet_NeedsNone()
    {
        Assert.True(PacketLinkLayer.TryGetHeader((int)PacketProtocol.Ethernet, [], out int size));
        Assert.Equal(0, size);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData((int)PacketProtocol.Igmp)]
    [InlineData((int)PacketProtocol.Route)]
    [InlineData((int)PacketProtocol.AppleTalk1)]
    [InlineData((int)PacketProtocol.AppleTalk2)]
    [InlineData((int)PacketProtocol.Natm)]
    [InlineData((int)PacketProtocol.Epair)]
    [InlineData((int)PacketProtocol.Netlink)]
    [InlineData(14)]
    [InlineData(int.MaxValue)]
    public void TryGetHeader_ProtocolWithoutEtherType_IsRefused(int protocol) =>
        Assert.False(PacketLinkLayer.TryGetHeader(protocol, new byte[14], out _));
}
