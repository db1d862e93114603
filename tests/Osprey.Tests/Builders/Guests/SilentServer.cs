using System.Net;
using System.Net.Sockets;

namespace Osprey.Tests.Builders.Guests;

/// <summary>A socket that listens; whether it accepts, and what it says, is up to the test.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly Socket _listener;
    private readonly List<Socket> _sockets = [];

    /// <param name="isTcp">True for a TCP port, else a Unix socket.</param>
    /// <param name="backlog">The number of connections that may wait.</param>
    public SilentServer(bool isTcp = false, int backlog = 1)
    {
        Path = isTcp ? null : System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"osprey-{Guid.NewGuid():n}.sock");
        _listener = Path is null
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(Path is null ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint(Path));
        _listener.Listen(backlog);
    }

    /// <summary>The path of the Unix socket; null for TCP.</summary>
    public string? Path { get; }

    /// <summary>The place as a gdb stub's.</summary>
    public string Stub => Path is null ? $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}" : $"unix:{Path}";

    /// <summary>Connects a client of the test's.</summary>
    public Socket Connect()
    {
        EndPoint place = _listener.LocalEndPoint!;
        var socket = new Socket(
            place.AddressFamily,
            SocketType.Stream,
            Path is null ? ProtocolType.Tcp : ProtocolType.Unspecified
        );
        _sockets.Add(socket);
        socket.Connect(place);
        return socket;
    }

    /// <summary>Takes the first connection that waits.</summary>
    public Socket Accept()
    {
        Socket socket = _listener.Accept();
        _sockets.Add(socket);
        return socket;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Socket socket in _sockets)
            socket.Dispose();

        if (Path is not null)
            File.Delete(Path);
    }
}
