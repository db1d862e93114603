using Osprey.Debug;
using Osprey.Target.Execution;

namespace Osprey.Dap.Motions;

/// <summary>The guest runs until something stops it.</summary>
/// <param name="session">The guest.</param>
/// <param name="stepped">
/// The thread that a step ended with: it goes on first, past a breakpoint that it may stand at, which the client knows
/// of.
/// </param>
internal sealed class FreeRun(DebugSession session, long? stepped) : Motion
{
    private long? _stepped = stepped;

    /// <inheritdoc/>
    public override DebugStop? Start()
    {
        if (
            _stepped is long number
            && session.Find(number) is { Cpu: not null } thread
            && session.IsAtBreakpoint(thread)
        )
        {
            _stepped = null;
            if (session.Step(thread) is not { } stop)
                return null;

            if (stop.Reason != StopReason.Step)
                return stop;
        }

        session.Resume();
        return null;
    }

    /// <inheritdoc/>
    public override DebugStop? Poll(TimeSpan slice) =>
        session.WaitForStop(slice) is { Reason: not StopReason.Step } stop ? stop : null;

    /// <inheritdoc/>
    public override DebugStop? Judge(DebugStop stop) => stop;
}
