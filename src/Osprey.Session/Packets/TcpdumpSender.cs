using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Osprey.Packets;

namespace Osprey.Session.Packets;

/// <summary>The thread that sends packets to tcpdump while another reads what comes back.</summary>
internal sealed class TcpdumpSender : IDisposable
{
    /// <summary>The most packets that may be on their way.</summary>
    private const int Capacity = 4096;

    private readonly BlockingCollection<SentPacket> _sent = new(Capacity);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _sourceFailure;
    private IOException? _pipeFailure;

    public delegate SentPacket Send(int protocol, ReadOnlySpan<byte> captured);

    /// <param name="packets">Enumerated on the new thread.</param>
    /// <param name="send">Takes a packet, to be sent at once or later.</param>
    /// <param name="flush">Sends what was taken.</param>
    /// <param name="close">Says that no more come.</param>
    public TcpdumpSender(IEnumerable<CapturedPacket> packets, Send send, Action flush, Action close)
    {
        _thread = new Thread(() => Run(packets, send, flush, close)) { IsBackground = true, Name = "tcpdump input" };
        _thread.Start();
    }

    /// <summary>Gives each packet with its fate; waits for the thread.</summary>
    public IEnumerable<SentPacket> Sent => _sent.GetConsumingEnumerable();

    /// <summary>Throws what stopped the thread before its last packet.</summary>
    public void ThrowIfFailed(Func<Exception, Exception> describePipeFailure)
    {
        _thread.Join();
        _sourceFailure?.Throw();
        if (_pipeFailure is not null)
            throw describePipeFailure(_pipeFailure);
    }

    /// <summary>Stops the thread, and waits unless it is stuck in a full pipe, which ends with the process.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (!_thread.Join(0))
            return;

        _stop.Dispose();
        _sent.Dispose();
    }

    private void Run(IEnumerable<CapturedPacket> packets, Send send, Action flush, Action close)
    {
        try
        {
            SendAll(packets, send, flush);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // nobody reads on
        }
        finally
        {
            TryPipe(flush);
            TryPipe(close);
            _sent.CompleteAdding();
        }
    }

    private void SendAll(IEnumerable<CapturedPacket> packets, Send send, Action flush)
    {
        using IEnumerator<CapturedPacket> source = packets.GetEnumerator();
        while (!_stop.IsCancellationRequested && TryGetNext(source))
        {
            SentPacket sent = default;
            CapturedPacket packet = source.Current;
            if (!TryPipe(() => sent = send(packet.Protocol, packet.Captured.Span)))
                return;

            if (_sent.TryAdd(sent))
                continue;

            // The reader waits for packets that are still in the buffer: let them go before waiting for the reader.
            if (!TryPipe(flush))
                return;

            _sent.Add(sent, _stop.Token);
        }
    }

    /// <summary>Moves on; whatever the source throws belongs to whoever reads the lines.</summary>
    private bool TryGetNext(IEnumerator<CapturedPacket> source)
    {
        try
        {
            return source.MoveNext();
        }
        catch (Exception problem)
        {
            _sourceFailure = ExceptionDispatchInfo.Capture(problem);
            return false;
        }
    }

    private bool TryPipe(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (IOException problem)
        {
            _pipeFailure ??= problem;
            return false;
        }
        catch (TcpdumpException problem)
        {
            _sourceFailure = ExceptionDispatchInfo.Capture(problem); // of a process for one packet
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false; // the process was given up
        }
    }
}
