using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>What went wrong.</summary>
internal sealed record ErrorBody
{
    /// <summary>The error.</summary>
    public DapError? Error { get; init; }
}
