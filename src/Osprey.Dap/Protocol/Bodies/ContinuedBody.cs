namespace Osprey.Dap.Protocol.Bodies;

/// <summary>A thread that runs.</summary>
internal sealed record ContinuedBody
{
    /// <summary>The thread.</summary>
    public int ThreadId { get; init; }

    /// <summary>Tells whether all threads do.</summary>
    public bool AllThreadsContinued { get; init; }
}
