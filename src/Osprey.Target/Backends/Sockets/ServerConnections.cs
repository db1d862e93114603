namespace Osprey.Target.Backends.Sockets;

/// <summary>A listening socket of this host and the connections to it.</summary>
/// <param name="Listener">The listening socket's inode.</param>
/// <param name="Clients">The connections that the server has accepted.</param>
/// <param name="Waiting">The number of connections that the server has not accepted yet.</param>
internal sealed record ServerConnections(ulong Listener, IReadOnlyList<ServerClient> Clients, int Waiting);
