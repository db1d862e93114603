using System.Net;
using System.Net.Sockets;

namespace Osprey.Rest.Connection;

/// <summary>A connection's bytes, each arrival of which ends a silence.</summary>
/// <remarks>
/// A time limit on silence must not count the wait for the connection, and TLS goes back and forth before the request
/// is sent: only the bytes below it tell that the guest is there.
/// </remarks>
internal sealed class HeardStream(NetworkStream stream, Silence silence) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Connects, as .NET's handler does by itself.</summary>
    public static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint place,
        Silence? silence,
        bool isEncrypted,
        CancellationToken cancellationToken
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(place, cancellationToken);
        }
        catch (SocketException unknown)
            when (unknown.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                && place.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            )
        {
            // This host, whether or not the name is known here (RFC 6761): small containers have no /etc/hosts.
            socket.Dispose();
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await ConnectHereAsync(socket, place.Port, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var stream = new NetworkStream(socket, ownsSocket: true);
        if (silence is null)
            return stream;

        // The connection's limit holds for the TLS handshake, too.
        if (!isEncrypted)
            silence.Hear();

        return new HeardStream(stream, silence);
    }

    private static async ValueTask ConnectHereAsync(Socket socket, int port, CancellationToken cancellationToken)
    {
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = stream.Read(buffer, offset, count);
        silence.Hear();
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await stream.ReadAsync(buffer, cancellationToken);
        if (read > 0)
            silence.Hear();

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => stream.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        stream.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Flush() => stream.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();

        base.Dispose(disposing);
    }
}
