using Osprey.Packets.Vsock;
using static Osprey.Tests.Packets.Vsock.VsockPacketBuilder;

namespace Osprey.Tests.Packets.Vsock;

/// <summary>Tests decoding packets that are cut, damaged or contradict themselves.</summary>
public sealed class VsockPacketTests
{
    private const int HeadersSize = VsockPacket.HeaderSize + VirtioVsockHeader.Size;

    [Fact]
    public void TryDecode_CutAtEachByte_HasWhatIsThere()
    {
        byte[] bytes = CreateData(payloadSize: 20, length: 20);
        for (int size = 0; size <= bytes.Length; size++)
        {
            bool isDecoded = VsockPacket.TryDecode(
                bytes.AsMemory(0, size),
                (uint)bytes.Length,
                out VsockPacket packet,
                out string? problem
            );
            Assert.Equal((size, size >= VsockPacket.HeaderSize), (size, isDecoded));
            if (!isDecoded)
            {
                Assert.Equal($"the vsockmon header is cut short: expected 32 bytes, have {size}", problem);
                continue;
            }

            Assert.Equal((Host, Guest, 20u), (packet.Source, packet.Destination, packet.PayloadLength));
            Assert.Equal(size >= HeadersSize, packet.Virtio is not null);
            Assert.Equal(
                size < HeadersSize ? $"the virtio header is cut short: expected 44 bytes, have {size - 32}" : null,
                packet.Problem
            );
            Assert.Equal(bytes[Math.Min(size, HeadersSize)..size], packet.Payload.ToArray());
            Assert.Equal(20u, packet.DataLength);
        }
    }

    [Fact]
    public void TryDecode_HeadersThatContradict_IsSaid()
    {
        byte[] bytes = CreateData(payloadSize: 4, length: 5);
        Assert.Equal("virtio's header says 5 bytes of data; 4 follow", Decode(bytes).Problem);
        bytes[VsockPacket.HeaderSize] = 9;
        Assert.Equal("virtio's header says 9:1024 > 3:5000", Decode(bytes).Problem);
        bytes[28] = 43;
        VsockPacket packet = Decode(bytes);
        Assert.Null(packet.Virtio);
        Assert.Equal("a virtio header of 43 bytes; expected 44", packet.Problem);
        bytes[29] = 0xff; // longer than the packet
        Assert.Equal((0, 0u), (Decode(bytes).Payload.Length, Decode(bytes).PayloadLength));
    }

    [Fact]
    public void TryDecode_RandomBytes_NeverFails()
    {
        var random = new Random(12);
        var tracker = new VsockConnectionTracker(maxConnections: 500);
        byte[] bytes = CreateData(payloadSize: 20, length: 20);
        int withVirtio = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = bytes[..random.Next(VsockPacket.HeaderSize, bytes.Length + 1)];
            for (int i = random.Next(4); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);

            uint original = random.Next(3) == 0 ? (uint)random.NextInt64(1L << 32) : (uint)bytes.Length;
            Assert.True(VsockPacket.TryDecode(damaged, original, out VsockPacket packet, out _));
            VsockConnection? connection = tracker.Add(packet, (ulong)random.NextInt64());
            string words = VsockWords.Describe(packet, connection);
            Assert.StartsWith($"{packet.Source} > {packet.Destination} ", words);
            Assert.DoesNotContain('\n', words);
            withVirtio += packet.Virtio is null ? 0 : 1;
        }

        Assert.InRange(withVirtio, 1000, 20_000);
        Assert.Equal(500, tracker.Connections.Count);
        Assert.InRange(tracker.UnfollowedCount, 1, 20_000);
    }

    [Theory]
    [InlineData("host:1024", 2, 1024u, "host:1024")]
    [InlineData("2:1024", 2, 1024u, "host:1024")]
    [InlineData("0:any", 0, uint.MaxValue, "hypervisor:any")]
    [InlineData("local:0", 1, 0u, "local:0")]
    [InlineData("any:1", uint.MaxValue, 1u, "any:1")]
    [InlineData("18446744073709551615:4294967295", ulong.MaxValue, uint.MaxValue, "18446744073709551615:any")]
    public void Endpoint_Text_IsReadAndWritten(string text, ulong cid, uint port, string written)
    {
        Assert.True(VsockEndpoint.TryParse(text, out VsockEndpoint endpoint));
        Assert.Equal((new VsockEndpoint(cid, port), written), (endpoint, endpoint.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("3:")]
    [InlineData(":3")]
    [InlineData("3:4:5")]
    [InlineData("guest:4")]
    [InlineData("-3:4")]
    [InlineData("3: 4")]
    [InlineData("3:4294967296")]
    public void Endpoint_OtherText_IsRefused(string? text) => Assert.False(VsockEndpoint.TryParse(text, out _));

    private static byte[] CreateData(int payloadSize, uint length) =>
        [
            .. MonitorHeader(Host, Guest, 4, 2, VirtioVsockHeader.Size),
            .. VirtioHeader(Host, Guest, length, 1, 5, 0, 100, 0),
            .. Enumerable.Range(1, payloadSize).Select(i => (byte)i),
        ];

    private static VsockPacket Decode(byte[] bytes)
    {
        Assert.True(VsockPacket.TryDecode(bytes, (uint)bytes.Length, out VsockPacket packet, out _));
        return packet;
    }
}
