using System.Buffers;
using System.Collections.Concurrent;
using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Server;

/// <summary>The server's side of a connection with a debugger: requests come out of it, replies go into it.</summary>
/// <remarks>
/// <para>
/// A thread of its own reads, so that a wish to stop the program is seen while a request is worked on. Packets are
/// acknowledged as they come, until the debugger wants that no more; one with a wrong checksum is asked for again, and
/// a reply that did not arrive is sent again.
/// </para>
/// <para>
/// All is bounded: packets by <see cref="MaxPacketSize"/>, and requests that wait by a number; a debugger that sends
/// more waits. Disposing ends the thread.
/// </para>
/// </remarks>
public sealed class RspServerConnection : IDisposable
{
    /// <summary>The longest packet that is taken, in bytes, and the longest that a debugger is told to send.</summary>
    public const int MaxPacketSize = 0x20000;

    private const int MaxWaiting = 1024;
    private const int MaxResent = 16;

    private readonly Stream _stream;
    private readonly Stream _output;
    private readonly BlockingCollection<RspRequest> _requests = new(MaxWaiting);
    private readonly Lock _writing = new();
    private readonly Lock _working = new();
    private readonly ArrayBufferWriter<byte> _packet = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Thread _reader;
    private CancellationTokenSource? _work;
    private volatile bool _acknowledges = true;
    private int _resent;

    /// <summary>Begins a conversation.</summary>
    /// <param name="stream">The stream to the debugger; owned from then on.</param>
    /// <param name="output">The stream that replies go to where that is another one; owned, too.</param>
    public RspServerConnection(Stream stream, Stream? output = null)
    {
        _stream = stream;
        _output = output ?? stream;
        _reader = new Thread(ReadAll) { IsBackground = true, Name = "debugger's requests" };
        _reader.Start();
    }

    /// <summary>Waits for the next request.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when none came in time.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool TryReceive(TimeSpan timeout, out RspRequest request, CancellationToken cancellation = default)
    {
        if (_requests.TryTake(out request, (int)timeout.TotalMilliseconds, cancellation))
            return true;

        if (!_requests.IsCompleted)
            return false;

        request = new RspRequest(RspRequestKind.Closed, []);
        return true;
    }

    /// <summary>Does work that may take long, which the debugger's wish to stop ends, and its own end.</summary>
    /// <param name="work">The work; it gets what is cancelled then.</param>
    /// <param name="cancellation">Ends it as well.</param>
    /// <returns>What the work returns.</returns>
    public TResult Run<TResult>(Func<CancellationToken, TResult> work, CancellationToken cancellation = default)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ending.Token);
        lock (_working)
        {
            _work = source;
            if (IsGone)
                source.Cancel();
        }

        try
        {
            return work(source.Token);
        }
        finally
        {
            lock (_working)
                _work = null;
        }
    }

    /// <summary>Sends a reply.</summary>
    /// <param name="payload">Its bytes, not yet encoded.</param>
    /// <exception cref="IOException">The connection is gone.</exception>
    public void Send(ReadOnlySpan<byte> payload)
    {
        lock (_writing)
        {
            _packet.ResetWrittenCount();
            RspEncoding.WritePacket(_packet, payload);
            SendComposed();
        }
    }

    /// <summary>Sends a reply of bytes in hexadecimal digits.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="IOException">The connection is gone.</exception>
    public void SendHex(ReadOnlySpan<byte> bytes)
    {
        lock (_writing)
        {
            _packet.ResetWrittenCount();
            RspEncoding.WriteHexPacket(_packet, bytes);
            SendComposed();
        }
    }

    /// <summary>Sends the packet that was composed, as a new one.</summary>
    private void SendComposed()
    {
        _resent = 0;
        Write(_packet.WrittenSpan);
    }

    /// <summary>Ends acknowledgements, as both sides agreed: after the reply that says so.</summary>
    public void StopAcknowledging() => _acknowledges = false;

    /// <inheritdoc/>
    public void Dispose()
    {
        _ending.Cancel();
        _stream.Dispose();
        _output.Dispose();
    }

    private void ReadAll()
    {
        byte[] buffer = new byte[1 << 16];
        byte[] kept = [];
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                int count = _stream.Read(buffer, 0, buffer.Length);
                if (count <= 0)
                    break;

                var input = new ReadOnlySequence<byte>((byte[])[.. kept, .. buffer.AsSpan(0, count)]);
                while (
                    RspFraming.TryRead(ref input, MaxPacketSize, out RspInputKind kind, out ReadOnlySequence<byte> body)
                )
                    Take(kind, body);

                kept = input.ToArray();
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The debugger is gone, or is not wanted any more.
        }
        finally
        {
            _requests.CompleteAdding();
            if (IsGone)
                StopWork();
        }
    }

    private void Take(RspInputKind kind, in ReadOnlySequence<byte> body)
    {
        switch (kind)
        {
            case RspInputKind.Packet when RspEncoding.TryDecode(body.ToArray(), MaxPacketSize, out byte[] payload):
                Acknowledge("+"u8);
                Add(new RspRequest(RspRequestKind.Packet, payload));
                break;
            case RspInputKind.Packet or RspInputKind.Corrupt:
                Acknowledge("-"u8);
                break;
            case RspInputKind.Interrupt when StopWork():
                break;
            case RspInputKind.Interrupt:
                Add(new RspRequest(RspRequestKind.Interrupt, []));
                break;
            case RspInputKind.Oversized:
                Acknowledge("+"u8);
                Add(new RspRequest(RspRequestKind.Oversized, []));
                break;
            case RspInputKind.Nack:
                Resend();
                break;
            default:
                break; // acknowledgements, and bytes between packets
        }
    }

    /// <summary>Whether the debugger left; who closes the input of a program may still read its output.</summary>
    private bool IsGone => _requests.IsAddingCompleted && _stream == _output;

    /// <summary>Cancels the work that goes on; false when there is none.</summary>
    private bool StopWork()
    {
        lock (_working)
        {
            _work?.Cancel();
            return _work is not null;
        }
    }

    private void Add(RspRequest request) => _requests.Add(request, _ending.Token);

    private void Acknowledge(ReadOnlySpan<byte> sign)
    {
        if (!_acknowledges)
            return;

        lock (_writing)
            Write(sign);
    }

    private void Resend()
    {
        lock (_writing)
        {
            if (_packet.WrittenCount > 0 && _resent++ < MaxResent)
                Write(_packet.WrittenSpan);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _output.Write(bytes);
            _output.Flush();
        }
        catch (ObjectDisposedException gone)
        {
            throw new IOException("the connection was closed", gone);
        }
    }
}
