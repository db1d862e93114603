namespace Osprey.Session.Packets;

/// <summary>A packet that was given to tcpdump.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Words">Its line, when it is known already.</param>
internal readonly record struct SentPacket(PacketFate Fate, string? Words = null);
