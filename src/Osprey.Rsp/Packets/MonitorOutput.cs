using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Packets;

/// <summary>The packet <c>O</c> with text in hex: a piece of a monitor command's output.</summary>
internal static class MonitorOutput
{
    /// <summary>Decodes the piece; null for any other packet. <c>OK</c> is another packet.</summary>
    public static byte[]? TryParse(ReadOnlySpan<byte> packet) =>
        packet.Length > 0 && packet[0] == 'O' && !packet.SequenceEqual("OK"u8) ? RspHex.Decode(packet[1..]) : null;
}
