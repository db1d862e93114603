using Osprey.Debug;
using Osprey.Target;

namespace Osprey.Dap.Motions;

/// <summary>A thread executes one instruction.</summary>
internal sealed class InstructionStep(DebugSession session, long number) : Motion
{
    private DebugStop? _first;

    /// <inheritdoc/>
    public override DebugStop? Start()
    {
        DebugThread thread =
            session.Find(number) ?? throw new TargetException(TargetProblem.NoSuchThread, "the thread has ended");
        _first = session.Step(thread);
        return _first;
    }

    /// <inheritdoc/>
    public override DebugStop? Poll(TimeSpan slice) => _first ?? session.WaitForStop(slice);

    /// <inheritdoc/>
    public override DebugStop? Judge(DebugStop stop) => stop;
}
