using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.Debug;

// In a recording the guest can't do other than it did: going back is QEMU's, and the threads at the place are found as
// at any stop. Only what runs on a vCPU has a last instruction; which one a thread that sleeps executed last is not
// known before the guest is back there.

/// <content>Goes backwards in a guest that is replayed.</content>
public sealed partial class DebugSession
{
    /// <summary>Tells whether the guest was let run backwards last.</summary>
    private bool _goesBack;

    /// <summary>Tells whether the guest can go backwards: its QEMU replays a recording.</summary>
    public bool CanGoBack => CanSteer && Guest.Target.TryGet<IReplayControl>(out _);

    private IReplayControl Replay =>
        Guest.Target.TryGet(out IReplayControl? replay)
            ? replay
            : throw new TargetException(
                TargetProblem.NotSupported,
                "the guest can't go backwards: its QEMU does not replay a recording (osprey replay)"
            );

    /// <summary>The number of instructions that the guest has executed since the recording began.</summary>
    /// <exception cref="TargetException">The guest is not replayed, or runs.</exception>
    public ulong ReadPosition() => Replay.ReadPosition();

    /// <summary>
    /// Takes back the last instruction of the machine, which may be another thread's. <see cref="WaitForStop"/> tells
    /// the end.
    /// </summary>
    /// <param name="thread">The thread that is to go back: one on a vCPU.</param>
    /// <exception cref="TargetException">The guest is not replayed, or the thread sleeps.</exception>
    public void StepBack(DebugThread thread)
    {
        IReplayControl replay = Replay;
        if (thread.Cpu is null)
            throw new TargetException(
                TargetProblem.NotSupported,
                $"thread {thread.Number} ({thread.Name}) can't be stepped back: it is on no CPU"
            );

        replay.StepBack();
        _goesBack = true;
        Forget();
    }

    /// <summary>
    /// Lets the guest run backwards: to a breakpoint that counts, a watched write, or the recording's beginning.
    /// </summary>
    /// <exception cref="TargetException">The guest is not replayed.</exception>
    public void ResumeBack()
    {
        Replay.ResumeBack();
        _goesBack = true;
        Forget();
    }

    /// <summary>Lets the guest run forward to a position of the recording.</summary>
    /// <exception cref="TargetException">The guest is not replayed, or QEMU refuses.</exception>
    public void ResumeTo(ulong position)
    {
        _goesBack = false;
        Replay.ResumeTo(position);
        Forget();
    }

    private void GoOn()
    {
        if (_goesBack)
            Replay.ResumeBack();
        else
            Execution.Resume();
    }
}
