namespace Osprey.Dap.Protocol.Bodies;

/// <summary>What can be watched.</summary>
internal sealed record DataBreakpointInfoBody
{
    /// <summary>The name for a watchpoint; null when there can be none.</summary>
    public string? DataId { get; init; }

    /// <summary>What is watched, or why nothing can be.</summary>
    public string Description { get; init; } = "";

    /// <summary>The kinds of watchpoints.</summary>
    public IReadOnlyList<string>? AccessTypes { get; init; }

    /// <summary>Whether it means the same in another session.</summary>
    public bool CanPersist { get; init; }
}
