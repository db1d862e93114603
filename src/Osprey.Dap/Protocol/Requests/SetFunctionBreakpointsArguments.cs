using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Requests;

/// <summary>All breakpoints at functions.</summary>
internal sealed record SetFunctionBreakpointsArguments
{
    /// <summary>Those.</summary>
    public IReadOnlyList<FunctionBreakpoint>? Breakpoints { get; init; }
}
