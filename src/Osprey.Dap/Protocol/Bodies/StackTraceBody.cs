using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>Frames of a stack.</summary>
internal sealed record StackTraceBody
{
    /// <summary>The frames.</summary>
    public IReadOnlyList<DapStackFrame> StackFrames { get; init; } = [];

    /// <summary>The number of frames that the stack has.</summary>
    public int TotalFrames { get; init; }
}
