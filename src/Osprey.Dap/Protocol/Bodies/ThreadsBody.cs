using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>The threads.</summary>
internal sealed record ThreadsBody
{
    /// <summary>The threads.</summary>
    public IReadOnlyList<DapThread> Threads { get; init; } = [];
}
