namespace Osprey.Dap.Protocol.Requests;

/// <summary>A thread that a request is about.</summary>
internal sealed record ThreadArguments
{
    /// <summary>Its number.</summary>
    public int ThreadId { get; init; }

    /// <summary>"statement", "line" or "instruction", for steps.</summary>
    public string? Granularity { get; init; }
}
