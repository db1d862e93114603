using System.Net.Sockets;

namespace Osprey.Target.Backends.Gdb;

/// <summary>
/// A socket as a stream whose reads time out without harm: the socket is asked whether there is something before it is
/// read.
/// </summary>
internal sealed class GdbSocketStream(Socket socket) : Stream
{
    private int _writeTimeout = socket.SendTimeout;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override bool CanTimeout => true;

    public override int ReadTimeout { get; set; } = Timeout.Infinite;

    public override int WriteTimeout
    {
        get => _writeTimeout;
        set
        {
            // A system call: it is set before each write, always to the same.
            if (_writeTimeout != value)
                socket.SendTimeout = _writeTimeout = value;
        }
    }

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            if (
                !socket.Poll(
                    ReadTimeout < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(ReadTimeout),
                    SelectMode.SelectRead
                )
            )
                throw new IOException("nothing arrived in time", new TimeoutException());

            return socket.Receive(buffer);
        }
        catch (SocketException failed)
        {
            throw new IOException(failed.Message, failed);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            while (!buffer.IsEmpty)
                buffer = buffer[socket.Send(buffer)..];
        }
        catch (SocketException failed)
        {
            throw new IOException(failed.Message, failed);
        }
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            socket.Dispose();

        base.Dispose(disposing);
    }
}
