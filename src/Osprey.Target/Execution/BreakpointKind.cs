namespace Osprey.Target.Execution;

/// <summary>The event that a breakpoint waits for, and the means.</summary>
public enum BreakpointKind
{
    /// <summary>An instruction; the way to the guest chooses how.</summary>
    Software,

    /// <summary>An instruction, by a debug register.</summary>
    Hardware,

    /// <summary>A write to memory.</summary>
    WriteWatchpoint,

    /// <summary>A read of memory.</summary>
    ReadWatchpoint,

    /// <summary>A read of memory or a write to it.</summary>
    AccessWatchpoint,
}
