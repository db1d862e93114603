using Osprey.Target.Execution;

namespace Osprey.Debug;

/// <content>Breakpoints that a thread is stepped to.</content>
public sealed partial class DebugSession
{
    /// <summary>Tells whether a breakpoint of the session's stands where a thread is.</summary>
    public bool IsAtBreakpoint(DebugThread thread) =>
        thread.ReadRegisters()?.CodeAddress is ulong counter
        && _breakpoints.Exists(one => one.Inserted.Exists(point => point.IsInstruction && point.Address == counter));

    /// <summary>
    /// Decides whether a thread that a step brought to a breakpoint has hit it: its conditions are asked, and the hit
    /// is counted.
    /// </summary>
    /// <returns>The stop; null when there is no breakpoint, or it does not count.</returns>
    public DebugStop? Arrive(DebugThread thread)
    {
        if (thread.Cpu is not int cpu || !IsAtBreakpoint(thread))
            return null;

        ulong? counter = thread.ReadRegisters()?.CodeAddress;
        return Judge(new StopEvent(StopReason.Breakpoint, cpu, counter)) is { Breakpoint: not null } stop ? stop : null;
    }
}
