namespace Osprey.Dap.Protocol.Types;

/// <summary>A watchpoint that is wanted.</summary>
internal sealed record DataBreakpoint
{
    /// <summary>The memory that is watched, as the adapter named it.</summary>
    public string? DataId { get; init; }

    /// <summary>"read", "write" or "readWrite"; write when left out.</summary>
    public string? AccessType { get; init; }

    /// <summary>The expression that must be true.</summary>
    public string? Condition { get; init; }

    /// <summary>The hits that count, such as "5".</summary>
    public string? HitCondition { get; init; }
}
