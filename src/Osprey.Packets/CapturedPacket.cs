namespace Osprey.Packets;

/// <summary>One recorded packet.</summary>
/// <param name="Protocol">The tracepoint's protocol number, see <see cref="PacketProtocol"/>.</param>
/// <param name="Captured">What was recorded of it.</param>
public readonly record struct CapturedPacket(int Protocol, ReadOnlyMemory<byte> Captured);
