using System.Globalization;
using Osprey.Packets;

namespace Osprey.Tests.Packets;

/// <summary>A packet from a guest's trace.</summary>
internal sealed record RecordedPacket(ulong Time, string Tracepoint, int Protocol, byte[] Captured)
{
    /// <summary>The packets of <c>osv-packets.txt</c>.</summary>
    public static IReadOnlyList<RecordedPacket> All { get; } =
    [.. File.ReadLines(GoldenFile.GetPath("osv-packets.txt")).Where(line => !line.StartsWith('#')).Select(Parse)];

    /// <summary>Those that captures have: not the messages of routing sockets, which never go over a link.</summary>
    public static IEnumerable<RecordedPacket> Frames =>
        All.Where(packet => packet.Protocol != (int)PacketProtocol.Route);

    private static RecordedPacket Parse(string line)
    {
        string[] parts = line.Split(' ');
        return new RecordedPacket(
            ulong.Parse(parts[0], CultureInfo.InvariantCulture),
            parts[1],
            int.Parse(parts[2], CultureInfo.InvariantCulture),
            Convert.FromHexString(parts[3])
        );
    }
}
