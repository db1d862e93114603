using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Requests;

/// <summary>The variables that are wanted.</summary>
internal sealed record VariablesArguments
{
    /// <summary>The number of the thing that they are of.</summary>
    public int VariablesReference { get; init; }

    /// <summary>"named" or "indexed" for those alone.</summary>
    public string? Filter { get; init; }

    /// <summary>The first, from 0.</summary>
    public int? Start { get; init; }

    /// <summary>The number that is wanted; 0 for all.</summary>
    public int? Count { get; init; }

    /// <summary>The form of values.</summary>
    public ValueFormat? Format { get; init; }
}
