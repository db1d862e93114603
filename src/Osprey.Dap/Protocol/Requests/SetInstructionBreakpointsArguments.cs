using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Requests;

/// <summary>All breakpoints at instructions.</summary>
internal sealed record SetInstructionBreakpointsArguments
{
    /// <summary>Those.</summary>
    public IReadOnlyList<InstructionBreakpoint>? Breakpoints { get; init; }
}
