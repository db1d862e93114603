namespace Osprey.Target.Execution;

/// <summary>The reason why a guest stopped.</summary>
public enum StopReason
{
    /// <summary>It was told to.</summary>
    Requested,

    /// <summary>The instruction that it was to execute is done.</summary>
    Step,

    /// <summary>A vCPU is at a breakpoint.</summary>
    Breakpoint,

    /// <summary>A vCPU touched memory that is watched.</summary>
    Watchpoint,

    /// <summary>The guest ran backwards, and nothing was recorded before.</summary>
    RecordingBegins,

    /// <summary>The guest ended.</summary>
    Ended,

    /// <summary>Something else, such as another user of the machine monitor.</summary>
    Other,
}
