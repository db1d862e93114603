namespace Osprey.Rest.Connection;

/// <summary>A time limit on silence: it starts anew whenever something arrives.</summary>
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

    /// <summary>The token that is cancelled when nothing arrives in time, or when the caller cancels.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The longest silence that is allowed now.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>True when the caller cancelled, so that the time limit is not the cause.</summary>
    public bool EndedByCaller => _caller.IsCancellationRequested;

    public void Restart(TimeSpan limit)
    {
        Limit = limit;
        _source.CancelAfter(limit);
    }

    public void Dispose() => _source.Dispose();
}
