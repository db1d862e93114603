using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>Breakpoints, in the order in which they were asked for.</summary>
internal sealed record BreakpointsBody
{
    /// <summary>The breakpoints.</summary>
    public IReadOnlyList<DapBreakpoint> Breakpoints { get; init; } = [];
}
