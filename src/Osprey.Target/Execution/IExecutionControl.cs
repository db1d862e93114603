namespace Osprey.Target.Execution;

/// <summary>Stops a guest and lets it run: an ability that a guest has only when the user allowed it.</summary>
/// <remarks>
/// <see cref="GuestTarget.Leave"/> undoes all that is done here: it removes breakpoints, and the guest then runs if it
/// ran when it was reached, and stands still if it stood still. What caches keep of a guest is old whenever it may have
/// run.
/// </remarks>
public interface IExecutionControl
{
    /// <summary>The abilities beyond stopping the guest and letting it run.</summary>
    ExecutionFeatures Features { get; }

    /// <summary>Tells whether the guest runs, as far as is known.</summary>
    bool IsRunning { get; }

    /// <summary>The breakpoints and watchpoints that are inserted.</summary>
    IReadOnlyCollection<Breakpoint> Breakpoints { get; }

    /// <summary>Stops the guest; does nothing when it stands still.</summary>
    /// <exception cref="TargetException">It does not stop.</exception>
    void Stop();

    /// <summary>Lets all vCPUs run; does nothing when they do. It is not waited until they stop.</summary>
    /// <remarks>
    /// A vCPU whose stop at a breakpoint was told executes the instruction there first. One that came to a breakpoint
    /// at the same moment, and was not told, hits it now.
    /// </remarks>
    /// <exception cref="TargetException">It can't be let run.</exception>
    void Resume();

    /// <summary>Lets one vCPU execute one instruction. The others stand still.</summary>
    /// <param name="cpu">The vCPU's number from 0.</param>
    /// <param name="timeout">How long it may take; then the guest is stopped.</param>
    /// <param name="cancellation">Ends the wait; the guest is stopped then.</param>
    /// <exception cref="TargetException">
    /// This way to the guest has no steps, or the guest runs, or ends.
    /// </exception>
    StopEvent Step(int cpu, TimeSpan timeout, CancellationToken cancellation = default);

    /// <summary>Waits until the guest stops. It goes on running when the wait ends before.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null when it still runs, or stood still already.</returns>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    StopEvent? WaitForStop(TimeSpan timeout, CancellationToken cancellation = default);

    /// <summary>Inserts a breakpoint or a watchpoint; does nothing when it is inserted already.</summary>
    /// <exception cref="TargetException">There are none of this kind, or no more, or the guest runs.</exception>
    void Insert(Breakpoint breakpoint);

    /// <summary>Removes a breakpoint or a watchpoint; does nothing when it is not inserted.</summary>
    /// <exception cref="TargetException">The guest runs, or can't be reached any more.</exception>
    void Remove(Breakpoint breakpoint);
}
