using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Requests;

/// <summary>All breakpoints of a source file.</summary>
internal sealed record SetBreakpointsArguments
{
    /// <summary>The file.</summary>
    public DapSource? Source { get; init; }

    /// <summary>Those that it is to have.</summary>
    public IReadOnlyList<SourceBreakpoint>? Breakpoints { get; init; }
}
