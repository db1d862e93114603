namespace Osprey.Dap.Protocol.Bodies;

/// <summary>A stop.</summary>
internal sealed record StoppedBody
{
    /// <summary>The reason, in a word of the protocol.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The reason, for the user.</summary>
    public string? Description { get; init; }

    /// <summary>The thread that it is about.</summary>
    public int ThreadId { get; init; }

    /// <summary>More about it.</summary>
    public string? Text { get; init; }

    /// <summary>Tells whether all threads stand still.</summary>
    public bool AllThreadsStopped { get; init; }

    /// <summary>The breakpoints.</summary>
    public IReadOnlyList<int>? HitBreakpointIds { get; init; }
}
