namespace Osprey.Target.Backends.Sockets;

/// <summary>A server that has one client at a time has one already.</summary>
/// <param name="client">The client, such as "gdb (pid 4711)"; null when it can't be found.</param>
internal sealed class ServerBusyException(string? client)
    : Exception(client is null ? "another program is connected to it" : $"{client} is connected to it")
{
    /// <summary>The client, such as "gdb (pid 4711)"; null when it can't be found.</summary>
    public string? Client { get; } = client;
}
