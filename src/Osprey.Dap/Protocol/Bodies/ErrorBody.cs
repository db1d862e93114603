using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>The error of a request that failed.</summary>
internal sealed record ErrorBody
{
    /// <summary>The error.</summary>
    public DapError? Error { get; init; }
}
