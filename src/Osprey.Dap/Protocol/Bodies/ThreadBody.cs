namespace Osprey.Dap.Protocol.Bodies;

/// <summary>A thread that came or went.</summary>
internal sealed record ThreadBody
{
    /// <summary>"started" or "exited".</summary>
    public string Reason { get; init; } = "";

    /// <summary>The thread.</summary>
    public int ThreadId { get; init; }
}
