using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>Instructions.</summary>
internal sealed record DisassembleBody
{
    /// <summary>The instructions.</summary>
    public IReadOnlyList<DapInstruction> Instructions { get; init; } = [];
}
