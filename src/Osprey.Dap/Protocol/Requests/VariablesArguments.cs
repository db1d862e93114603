using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Requests;

/// <summary>The variables that are wanted.</summary>
internal sealed record VariablesArguments
{
    /// <summary>What they are of.</summary>
    public int VariablesReference { get; init; }

    /// <summary>"named" or "indexed" for those alone.</summary>
    public string? Filter { get; init; }

    /// <summary>The first, from 0.</summary>
    public int? Start { get; init; }

    /// <summary>How many; 0 for all.</summary>
    public int? Count { get; init; }

    /// <summary>The form of values.</summary>
    public ValueFormat? Format { get; init; }
}
