namespace Osprey.Dap.Protocol.Types;

/// <summary>A breakpoint that is wanted at a line.</summary>
internal sealed record SourceBreakpoint
{
    /// <summary>The line.</summary>
    public int Line { get; init; }

    /// <summary>The expression that must be true.</summary>
    public string? Condition { get; init; }

    /// <summary>The hits that count, such as "5".</summary>
    public string? HitCondition { get; init; }

    /// <summary>The text to print in place of a stop.</summary>
    public string? LogMessage { get; init; }
}
