namespace Osprey.Dap.Protocol.Requests;

/// <summary>What a watchpoint is wanted for.</summary>
internal sealed record DataBreakpointInfoArguments
{
    /// <summary>What the variable is of; null when the name is an expression.</summary>
    public int? VariablesReference { get; init; }

    /// <summary>The name of the variable, or an expression.</summary>
    public string? Name { get; init; }

    /// <summary>The frame of an expression.</summary>
    public int? FrameId { get; init; }

    /// <summary>How many bytes; null for all of the variable.</summary>
    public int? Bytes { get; init; }

    /// <summary>Whether the name is an address.</summary>
    public bool? AsAddress { get; init; }
}
