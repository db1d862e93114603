using Osprey.Debug;
using Osprey.Target;

namespace Osprey.Dap.Motions;

/// <summary>A guest that is replayed goes back: by an instruction, or until something stops it.</summary>
/// <param name="session">The guest.</param>
/// <param name="stepped">The thread that takes back its last instruction; null to go back until a stop.</param>
internal sealed class BackwardRun(DebugSession session, long? stepped) : Motion
{
    /// <inheritdoc/>
    public override DebugStop? Start()
    {
        if (stepped is not long number)
            session.ResumeBack();
        else
            session.StepBack(
                session.Find(number) ?? throw new TargetException(TargetProblem.NoSuchThread, "the thread has ended")
            );

        return null;
    }

    /// <inheritdoc/>
    public override DebugStop? Poll(TimeSpan slice) => session.WaitForStop(slice);

    /// <inheritdoc/>
    public override DebugStop? Judge(DebugStop stop) => stop;
}
