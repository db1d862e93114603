namespace Osprey.Target.Backends.Sockets;

/// <summary>The other end of a connection that a server has accepted.</summary>
/// <param name="Inode">
/// The inode of the client's socket; 0 when it is not a socket of this host that still exists.
/// </param>
/// <param name="Remote">The client's address, where it is of another host; else null.</param>
/// <param name="HasLeft">True when the client has closed its end; null when that is not known.</param>
internal readonly record struct ServerClient(ulong Inode, string? Remote, bool? HasLeft);
