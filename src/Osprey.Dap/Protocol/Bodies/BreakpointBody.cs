using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>A breakpoint that changed.</summary>
internal sealed record BreakpointBody
{
    /// <summary>"changed", "new" or "removed".</summary>
    public string Reason { get; init; } = "";

    /// <summary>The breakpoint.</summary>
    public DapBreakpoint? Breakpoint { get; init; }
}
