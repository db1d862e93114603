namespace Osprey.Guests.Linux.Network;

/// <summary>What waits at a socket.</summary>
/// <param name="Received">Bytes for the program, or connections; null when not known.</param>
/// <param name="Sent">Bytes that are on their way; null when not known.</param>
/// <param name="Backlog">The most connections that may wait; null for a socket that does not listen.</param>
internal readonly record struct LinuxSocketQueue(ulong? Received, ulong? Sent, ulong? Backlog = null);
