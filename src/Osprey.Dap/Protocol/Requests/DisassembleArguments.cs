namespace Osprey.Dap.Protocol.Requests;

/// <summary>The instructions that are wanted.</summary>
internal sealed record DisassembleArguments
{
    /// <summary>The address that they are counted from.</summary>
    public string? MemoryReference { get; init; }

    /// <summary>Bytes to add to it.</summary>
    public long? Offset { get; init; }

    /// <summary>Instructions to add to it; may be negative.</summary>
    public int? InstructionOffset { get; init; }

    /// <summary>The number that is wanted.</summary>
    public int? InstructionCount { get; init; }

    /// <summary>Tells whether names are wanted.</summary>
    public bool? ResolveSymbols { get; init; }
}
