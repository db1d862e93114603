namespace Osprey.Target.Execution;

/// <summary>
/// Goes backwards in a guest that a QEMU replays from a recording (<c>-icount ...,rr=replay</c>): an ability that a
/// guest has only when the user allowed it to be steered.
/// </summary>
/// <remarks>
/// QEMU takes an earlier snapshot of the recording and replays from there to the place: each way back costs as much as
/// the way forward from that snapshot.
/// </remarks>
public interface IReplayControl
{
    /// <summary>The number of instructions that the guest has executed since the recording began.</summary>
    /// <exception cref="TargetException">The guest runs, or the stub does not tell.</exception>
    ulong ReadPosition();

    /// <summary>
    /// Takes back the last instruction of the machine. That is waited for as for any stop: it ends with
    /// <see cref="StopReason.Step"/>, or <see cref="StopReason.RecordingBegins"/> when there was none.
    /// </summary>
    /// <exception cref="TargetException">The guest runs, or can't be reached any more.</exception>
    void StepBack();

    /// <summary>
    /// Lets the guest run backwards; does nothing when it runs. It stops as it does when it runs forward, or with
    /// <see cref="StopReason.RecordingBegins"/>.
    /// </summary>
    /// <exception cref="TargetException">It can't be let run.</exception>
    void ResumeBack();

    /// <summary>Lets the guest run forward to a position that it has been at. It is not waited for.</summary>
    /// <param name="position">The position, beyond the present one.</param>
    /// <exception cref="TargetException">It can't be let run.</exception>
    void ResumeTo(ulong position);
}
