namespace Osprey.Dap.Protocol.Types;

/// <summary>A breakpoint that is wanted at a function.</summary>
internal sealed record FunctionBreakpoint
{
    /// <summary>The function.</summary>
    public string? Name { get; init; }

    /// <summary>The expression that must be true.</summary>
    public string? Condition { get; init; }

    /// <summary>The hits that count, such as "5".</summary>
    public string? HitCondition { get; init; }
}
