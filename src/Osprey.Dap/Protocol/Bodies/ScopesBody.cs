using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>The scopes of a frame.</summary>
internal sealed record ScopesBody
{
    /// <summary>The scopes.</summary>
    public IReadOnlyList<DapScope> Scopes { get; init; } = [];
}
