using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>Modules.</summary>
internal sealed record ModulesBody
{
    /// <summary>The modules.</summary>
    public IReadOnlyList<DapModule> Modules { get; init; } = [];

    /// <summary>How many there are.</summary>
    public int TotalModules { get; init; }
}
