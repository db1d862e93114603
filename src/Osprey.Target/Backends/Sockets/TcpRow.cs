using System.Net;

namespace Osprey.Target.Backends.Sockets;

/// <summary>A TCP socket of this host.</summary>
/// <param name="Local">Its own address.</param>
/// <param name="Remote">That of the other end.</param>
/// <param name="State">The kernel's number of its state.</param>
/// <param name="Inode">Its inode; 0 when no process has it, as before it is accepted.</param>
internal readonly record struct TcpRow(IPEndPoint Local, IPEndPoint Remote, int State, ulong Inode);
