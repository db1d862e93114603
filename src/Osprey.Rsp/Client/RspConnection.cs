using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Client;

/// <summary>Reads inputs from a stream and writes packets to it, with time limits.</summary>
/// <remarks>
/// Outgoing bytes are queued and sent together, by <see cref="Flush"/> or before a wait. When nothing arrives within
/// <see cref="Stream.ReadTimeout"/>, the stream must throw an <see cref="IOException"/> around a
/// <see cref="TimeoutException"/> or a timed-out <see cref="SocketException"/>, and must still work after that.
/// </remarks>
internal sealed class RspConnection(Stream stream, RspOptions options, RspTranscript? transcript) : IDisposable
{
    /// <summary>The longest wait before the client checks again whether it was cancelled.</summary>
    private const int SliceMilliseconds = 100;

    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;
    private volatile bool _isCancelled;
    private volatile int _owner;

    /// <summary>True when the stub closed the connection, or it failed.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True to end waits with an exception. Another thread may set it.</summary>
    public bool IsCancelled
    {
        get => _isCancelled;
        set => _isCancelled = value;
    }

    /// <summary>
    /// The longest time for one packet, or one reply, of a stub that is never silent for the given time.
    /// </summary>
    public static TimeSpan GetLongest(TimeSpan silence) => (2 * silence) + TimeSpan.FromSeconds(5);

    /// <summary>
    /// Lets the calling thread alone use the connection from now on. A byte that another one sent after the guest was
    /// let run would stop it for good.
    /// </summary>
    public void Take() => _owner = Environment.CurrentManagedThreadId;

    public void QueuePacket(ReadOnlySpan<byte> payload)
    {
        ThrowIfTaken();
        RspEncoding.WritePacket(_output, payload);
    }

    public void QueueAck() => QueueByte((byte)'+');

    public void QueueNack() => QueueByte((byte)'-');

    public void QueueRaw(byte value) => QueueByte(value);

    /// <summary>Sends the queued bytes.</summary>
    public void Flush()
    {
        if (_output.WrittenCount == 0)
            return;

        transcript?.Sent(_output.WrittenSpan);
        try
        {
            stream.WriteTimeout = Milliseconds(options.Timeout);
            stream.Write(_output.WrittenSpan);
            stream.Flush();
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            IsBroken = true;
            throw new RspException(
                $"the connection to the stub failed: {broken.Message}",
                RspText.Excerpt(_output.WrittenSpan),
                inner: broken
            );
        }
        finally
        {
            _output.ResetWrittenCount();
        }
    }

    /// <summary>Takes the next input. Sends the queued bytes first if it must wait for the stub.</summary>
    /// <param name="patience">The longest silence of the stub.</param>
    /// <param name="kind">The kind of the input.</param>
    /// <param name="body">The input's body, valid until the next call.</param>
    /// <returns>False when no complete input came in time.</returns>
    /// <exception cref="RspException">
    /// The stub closed the connection, the connection failed, or the wait was cancelled.
    /// </exception>
    public bool TryReceive(TimeSpan patience, out RspInputKind kind, out ReadOnlySpan<byte> body)
    {
        ThrowIfTaken();
        long? last = null;
        while (true)
        {
            var input = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
            long before = input.Length;
            bool whole = RspFraming.TryRead(
                ref input,
                options.MaxPacketSize,
                out kind,
                out ReadOnlySequence<byte> found
            );
            _start += (int)(before - input.Length);
            body = found.FirstSpan;
            if (whole)
                return true;

            Flush();
            long now = Stopwatch.GetTimestamp();
            long ticks = (long)(patience.TotalSeconds * Stopwatch.Frequency);
            last ??= now + (long)(GetLongest(patience).TotalSeconds * Stopwatch.Frequency);
            if (!TryFill(Math.Min(now + ticks, last.Value)))
                return false;
        }
    }

    /// <summary>Closes the connection. An acknowledgement that is queued is sent before, if that is possible.</summary>
    public void Dispose()
    {
        try
        {
            if (!IsBroken)
                Flush();
        }
        catch (RspException)
        {
            // The stub is gone: it waits for none.
        }

        stream.Dispose();
    }

    private bool TryFill(long deadline)
    {
        MakeRoom();
        while (true)
        {
            if (_isCancelled)
                throw new RspException("cancelled while the stub's answer was awaited");

            TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
            int read;
            try
            {
                // Reads at least once, even if this process itself was stopped until the deadline.
                stream.ReadTimeout = Math.Min(Milliseconds(left), SliceMilliseconds);
                read = stream.Read(_buffer.AsSpan(_end));
            }
            catch (IOException late)
                when (late.InnerException
                        is TimeoutException
                            or SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock }
                )
            {
                if (left > TimeSpan.Zero)
                    continue;

                transcript?.TimedOut();
                return false;
            }
            catch (Exception broken) when (broken is IOException or ObjectDisposedException)
            {
                IsBroken = true;
                throw new RspException($"the connection to the stub failed: {broken.Message}", inner: broken);
            }

            transcript?.Received(_buffer.AsSpan(_end, read));
            if (read == 0)
            {
                IsBroken = true;
                string? cut = _end > _start ? RspText.Excerpt(_buffer.AsSpan(_start, _end - _start)) : null;
                throw new RspException("the stub hung up", received: cut);
            }

            _end += read;
            return true;
        }
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = 0;
            _end = 0;
        }
        else if (_end == _buffer.Length && _start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }

        // Grows no further than the longest packet, since the framing removes a longer one as oversized.
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    private void ThrowIfTaken()
    {
        if (_owner is not 0 and var owner && owner != Environment.CurrentManagedThreadId)
            throw new RspException("the guest is being let go of");
    }

    private void QueueByte(byte value)
    {
        ThrowIfTaken();
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    private static int Milliseconds(TimeSpan time) =>
        (int)Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 1, int.MaxValue);
}
