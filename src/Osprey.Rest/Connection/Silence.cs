namespace Osprey.Rest.Connection;

/// <summary>A time limit on silence: it starts anew whenever something arrives.</summary>
internal sealed class Silence : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _caller;
    private readonly TimeSpan _reply;

    /// <param name="connection">The longest wait for a connection.</param>
    /// <param name="reply">The longest silence before a reply begins, once there is a connection.</param>
    /// <param name="caller">Ends the request.</param>
    public Silence(TimeSpan connection, TimeSpan reply, CancellationToken caller)
    {
        _caller = caller;
        _reply = reply;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        // The connection's own limit, which is the handler's, ends earlier, with a message of its own.
        _source.CancelAfter(connection + reply);
        Limit = reply;
    }

    /// <summary>The token that is cancelled when nothing arrives in time, or when the caller cancels.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The longest silence that is allowed now.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>True when the caller cancelled, so that the time limit is not the cause.</summary>
    public bool EndedByCaller => _caller.IsCancellationRequested;

    /// <summary>Notes that the guest was heard: it took the connection, or shook hands.</summary>
    public void Hear()
    {
        if (Limit != _reply)
            return;

        try
        {
            _source.CancelAfter(_reply);
        }
        catch (ObjectDisposedException)
        {
            // the request has ended, and the handler still reads
        }
    }

    public void Restart(TimeSpan limit)
    {
        Limit = limit;
        _source.CancelAfter(limit);
    }

    public void Dispose() => _source.Dispose();
}
