using System.Net.Sockets;

namespace Osprey.Tests.Builders.Guests;

/// <summary>A Unix socket that passes connections on to another one, until they are cut.</summary>
internal sealed class StubProxy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-proxy");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _behind;
    private readonly List<Socket> _open = [];

    /// <param name="behind">The path of the socket to pass on to.</param>
    public StubProxy(string behind)
    {
        _behind = behind;
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>The path to connect to.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "socket");

    /// <summary>
    /// Gets or sets a text that breaks the connections, once, when somebody is about to send it; null for none.
    /// </summary>
    public byte[]? CutBefore { get; set; }

    /// <summary>Breaks the connections that there are.</summary>
    public void Cut()
    {
        lock (_open)
        {
            _open.ForEach(socket => socket.Dispose());
            _open.Clear();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
        _folder.Delete(recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket front = await _listener.AcceptAsync();
                var back = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                back.Connect(new UnixDomainSocketEndPoint(_behind));
                lock (_open)
                    _open.AddRange([front, back]);

                _ = PassAsync(front, back);
                _ = PassAsync(back, front);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (await from.ReceiveAsync(buffer) is int count and > 0)
            {
                if (CutBefore is { } text && buffer.AsSpan(0, count).IndexOf(text) >= 0)
                {
                    CutBefore = null;
                    Cut();
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
        finally
        {
            // Whoever leaves on one side leaves on the other.
            from.Dispose();
            to.Dispose();
        }
    }
}
