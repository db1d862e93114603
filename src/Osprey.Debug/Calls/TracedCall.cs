namespace Osprey.Debug.Calls;

/// <summary>A call that happened, or its return.</summary>
public sealed record TracedCall
{
    /// <summary>The function's name.</summary>
    public required string Function { get; init; }

    /// <summary>The function's position among those that were asked for, from 0.</summary>
    public required int FunctionIndex { get; init; }

    /// <summary>True for the return.</summary>
    public bool IsReturn { get; init; }

    /// <summary>The thread.</summary>
    public required DebugThread Thread { get; init; }

    /// <summary>The vCPU, from 0.</summary>
    public int Cpu { get; init; }

    /// <summary>The number of traced calls of the thread around this one.</summary>
    public int Depth { get; init; }

    /// <summary>The arguments; for a return the result alone, or nothing for a function without one.</summary>
    public IReadOnlyList<CallArgument> Values { get; init; } = [];

    /// <summary>The time since tracing began in which the guest ran, by the host's clock.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The time of the call in which the guest ran, by the host's clock; for returns.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The address that the call returns to.</summary>
    public ulong ReturnAddress { get; init; }
}
