namespace Osprey.Dap.Protocol.Requests;

/// <summary>The variable or memory that a watchpoint is wanted for.</summary>
internal sealed record DataBreakpointInfoArguments
{
    /// <summary>The number of the thing that the variable is of; null when the name is an expression.</summary>
    public int? VariablesReference { get; init; }

    /// <summary>The name of the variable, or an expression.</summary>
    public string? Name { get; init; }

    /// <summary>The frame of an expression.</summary>
    public int? FrameId { get; init; }

    /// <summary>The number of bytes; null for all of the variable.</summary>
    public int? Bytes { get; init; }

    /// <summary>Tells whether the name is an address.</summary>
    public bool? AsAddress { get; init; }
}
