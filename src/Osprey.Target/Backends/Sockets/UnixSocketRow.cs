namespace Osprey.Target.Backends.Sockets;

/// <summary>A Unix socket of this host.</summary>
/// <param name="Name">Its path as it was bound; empty when it has none.</param>
/// <param name="Inode">Its inode; 0 when no process has it, as before it is accepted.</param>
/// <param name="IsListening">True for a socket that takes connections.</param>
/// <param name="Peer">
/// The inode of the socket at the other end, 0 when no process has that; null when it is not known.
/// </param>
/// <param name="Waiting">The connections that a listening socket has not accepted, where that is told.</param>
internal readonly record struct UnixSocketRow(string Name, ulong Inode, bool IsListening, ulong? Peer, int Waiting = 0);
