using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Packets;

/// <summary>The packet <c>O</c> and hex: a piece of what a monitor command prints.</summary>
public static class MonitorOutput
{
    /// <summary>The piece; null when the packet is another one. <c>OK</c> is another one.</summary>
    public static byte[]? TryParse(ReadOnlySpan<byte> packet) =>
        packet.Length > 0 && packet[0] == 'O' && !packet.SequenceEqual("OK"u8) ? RspHex.Decode(packet[1..]) : null;
}
