using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Requests;

/// <summary>All watchpoints.</summary>
internal sealed record SetDataBreakpointsArguments
{
    /// <summary>Those.</summary>
    public IReadOnlyList<DataBreakpoint>? Breakpoints { get; init; }
}
