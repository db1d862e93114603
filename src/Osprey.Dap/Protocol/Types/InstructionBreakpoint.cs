namespace Osprey.Dap.Protocol.Types;

/// <summary>A breakpoint that is wanted at an instruction.</summary>
internal sealed record InstructionBreakpoint
{
    /// <summary>Its address.</summary>
    public string? InstructionReference { get; init; }

    /// <summary>Bytes to add to it.</summary>
    public long? Offset { get; init; }

    /// <summary>The expression that must be true.</summary>
    public string? Condition { get; init; }

    /// <summary>The hits that count, such as "5".</summary>
    public string? HitCondition { get; init; }
}
