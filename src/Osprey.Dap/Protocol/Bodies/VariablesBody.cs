using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>Variables.</summary>
internal sealed record VariablesBody
{
    /// <summary>The variables.</summary>
    public IReadOnlyList<DapVariable> Variables { get; init; } = [];
}
