namespace Osprey.Guests.Network;

/// <summary>What a network interface counted.</summary>
/// <param name="ReceivedBytes">Bytes that came in.</param>
/// <param name="ReceivedPackets">Packets that came in.</param>
/// <param name="SentBytes">Bytes that went out.</param>
/// <param name="SentPackets">Packets that went out.</param>
public sealed record GuestInterfaceCounters(
    ulong ReceivedBytes,
    ulong ReceivedPackets,
    ulong SentBytes,
    ulong SentPackets
);
