namespace Osprey.Target.Backends.Sockets;

/// <summary>The place where a gdb stub or QMP listens: a Unix socket or a TCP port.</summary>
/// <param name="Path">The Unix socket's path; null for TCP.</param>
/// <param name="Host">The host's name or address; null for a Unix socket.</param>
/// <param name="Port">The TCP port; 0 for a Unix socket.</param>
internal readonly record struct ServerAddress(string? Path, string? Host, int Port);
