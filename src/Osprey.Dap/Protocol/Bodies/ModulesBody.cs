using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>Modules.</summary>
internal sealed record ModulesBody
{
    /// <summary>The modules.</summary>
    public IReadOnlyList<DapModule> Modules { get; init; } = [];

    /// <summary>The number of them.</summary>
    public int TotalModules { get; init; }
}
