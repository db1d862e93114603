namespace Osprey.Dap.Protocol.Requests;

/// <summary>The frames that are wanted.</summary>
internal sealed record StackTraceArguments
{
    /// <summary>The thread.</summary>
    public int ThreadId { get; init; }

    /// <summary>The first frame, from 0.</summary>
    public int? StartFrame { get; init; }

    /// <summary>The number that is wanted; 0 for all.</summary>
    public int? Levels { get; init; }
}
