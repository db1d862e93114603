namespace Osprey.Rest.Connection;

/// <summary>A time-out of idle time: every sign of life starts it anew.</summary>
internal sealed class Silence : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _caller;

    public Silence(TimeSpan limit, CancellationToken caller)
    {
        _caller = caller;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        Restart(limit);
    }

    /// <summary>Cancelled when the guest has been silent too long, or the caller cancels.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>How long the guest may be silent now.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>Whether a cancellation is the caller's and not ours.</summary>
    public bool EndedByCaller => _caller.IsCancellationRequested;

    public void Restart(TimeSpan limit)
    {
        Limit = limit;
        _source.CancelAfter(limit);
    }

    public void Dispose() => _source.Dispose();
}
