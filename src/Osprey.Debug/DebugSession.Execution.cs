using System.Diagnostics;
using Osprey.Debug.Breakpoints;
using Osprey.Guests;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.Debug;

// A step is one of an instruction of one thread, whatever the guest does with that thread. On a vCPU it is QEMU's own
// step. That may be the instruction that switches to another thread: then, as for a thread that sleeps from the start,
// a breakpoint stands where the thread will go on, all run, and stops there of other threads are passed over.

/// <content>Stops the guest and lets it run.</content>
public sealed partial class DebugSession
{
    private static readonly TimeSpan s_stepTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The thread that is stepped while it sleeps, and the place where it will go on.</summary>
    private (long Number, ulong Address, bool IsOurs)? _awaited;

    private IExecutionControl Execution =>
        _execution
        ?? throw new TargetException(TargetProblem.NotSupported, "the guest can't be steered: it is looked at only");

    /// <summary>Inserts a breakpoint or watchpoint.</summary>
    /// <exception cref="TargetException">There are none of this kind, or no more, or the guest runs.</exception>
    public void Insert(Breakpoint breakpoint)
    {
        Execution.Insert(breakpoint);
        _raw.Add(breakpoint);
    }

    /// <summary>Removes a breakpoint or watchpoint; does nothing when it is not there.</summary>
    /// <exception cref="TargetException">The guest runs, or can't be reached any more.</exception>
    public void Remove(Breakpoint breakpoint)
    {
        _raw.Remove(breakpoint);
        if (!IsWanted(breakpoint))
            Execution.Remove(breakpoint);
    }

    /// <summary>Lets the guest run.</summary>
    /// <exception cref="TargetException">It can't be let run.</exception>
    public void Resume()
    {
        _goesBack = false;
        Execution.Resume();
        Forget();
    }

    /// <summary>
    /// Has a thread execute one instruction. Where that takes until the thread is on a vCPU again, the guest runs on,
    /// and <see cref="WaitForStop"/> tells the end.
    /// </summary>
    /// <returns>The stop, when it is there already; null while the guest runs.</returns>
    /// <exception cref="TargetException">
    /// It can't be stepped: nothing is known of where it goes on, or the guest can't be steered.
    /// </exception>
    public DebugStop? Step(DebugThread thread)
    {
        if (thread.Cpu is not int cpu)
        {
            RunUntil(thread);
            return null;
        }

        _goesBack = false;
        StopEvent stop = Execution.Step(cpu, s_stepTimeout);
        Forget();
        if (stop.Reason != StopReason.Step)
            return Tell(stop);

        // The usual case: a step within the thread, where it pays not to list all threads for it.
        if (thread.State is { } state && Guest.RunsOn(state, cpu))
            return At(new DebugThread(Guest, thread.Number, state, cpu), StopReason.Step);

        if (thread.State is null || FindOnCpu(cpu)?.Number == thread.Number)
            return At(FindOnCpu(cpu) ?? Current, StopReason.Step);

        // It was switched out by what it executed, or ended.
        if (View.Find(thread.Number) is not { } left)
            return At(FindOnCpu(cpu) ?? Current, StopReason.Step);

        if (left.Cpu is null)
        {
            RunUntil(left);
            return null;
        }

        return At(left, StopReason.Step);
    }

    /// <summary>Waits for a stop that is to be told.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null when the guest runs on.</returns>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public DebugStop? WaitForStop(TimeSpan timeout, CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            bool looks = LooksWhileRunning && !_goesBack && _breakpoints.Exists(one => one.IsPending);
            TimeSpan wait = looks && left > _lookInterval ? _lookInterval : left;
            StopEvent? stop = Execution.WaitForStop(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellation);
            if (stop is null && looks && IsRunning)
            {
                long look = Stopwatch.GetTimestamp();
                if (Halt() is { } hit)
                    return hit;

                _ = ResolvePending();
                GoOn();

                // The guest stands still during a look: it shall run most of the time.
                TimeSpan rest = 10 * Stopwatch.GetElapsedTime(look);
                _lookInterval = rest > s_lookInterval ? rest : s_lookInterval;
            }

            if (stop is not null)
            {
                ForgetLastStop();
                if (Decide(stop) is { } told)
                    return told;

                GoOn();
            }
            else if (!IsRunning)
            {
                return null;
            }

            if (Stopwatch.GetElapsedTime(start) >= timeout)
                return null;
        }
    }

    /// <summary>Decides whether a stop is told; null when the guest goes on.</summary>
    private DebugStop? Decide(StopEvent stop)
    {
        if (_awaited is { } awaited && stop.Reason == StopReason.Breakpoint && stop.Address == awaited.Address)
        {
            if (stop.Cpu is int cpu && FindOnCpu(cpu)?.Number == awaited.Number)
                return End(At(FindOnCpu(cpu)!, StopReason.Step));

            if (awaited.IsOurs)
                return null; // another thread came by
        }

        if (Guest.Identity == GuestIdentity.Unknown)
            Guest.Refresh(); // its system may have begun since

        if (Judge(stop) is not { } told)
            return null;

        DebugStop ended = End(told);
        if (!_breakpoints.Exists(one => one.IsPending))
            return ended;

        // All that was read of the guest is old after a look for what it has loaded.
        _ = ResolvePending();
        return At(Find(ended.Thread.Number) ?? Current, ended.Reason) with
        {
            Watch = ended.Watch,
            Breakpoint = ended.Breakpoint,
            Problem = ended.Problem,
        };
    }

    /// <summary>Stops the guest, and decides whether a stop that came at that moment is told.</summary>
    /// <returns>
    /// The stop that came first and is told; null when the guest stands still because it was asked to.
    /// </returns>
    /// <exception cref="TargetException">It does not stop.</exception>
    public DebugStop? Halt()
    {
        Execution.Stop();
        StopEvent? stop = Execution.WaitForStop(TimeSpan.Zero);
        Forget();
        return stop is null or { Reason: StopReason.Requested } ? null : Decide(stop);
    }

    /// <summary>
    /// Stops the guest because somebody asked. A stop that came at that moment is told in its place if it counts; that
    /// of another thread at the place where a stepped one goes on does not.
    /// </summary>
    /// <exception cref="TargetException">It does not stop.</exception>
    public DebugStop Interrupt() => Halt() ?? End(Tell(new StopEvent(StopReason.Requested)));

    /// <summary>Stops the guest.</summary>
    /// <exception cref="TargetException">It does not stop.</exception>
    public DebugStop Stop()
    {
        Execution.Stop();
        StopEvent stop = Execution.WaitForStop(TimeSpan.Zero) ?? new StopEvent(StopReason.Requested);
        Forget();
        return End(Tell(stop));
    }

    /// <summary>
    /// Takes all breakpoints out, and lets the guest run if it ran when it was found, or was let run since. One that
    /// QEMU replays stays where it is: it would run to the recording's end, where QEMU ends.
    /// </summary>
    /// <param name="wasRunning">Whether it ran when it was found.</param>
    /// <param name="hasResumed">Whether the user has let it run since.</param>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    public void LetGo(bool wasRunning, bool hasResumed = false)
    {
        if (_execution is null)
            return;

        Execution.Stop();
        foreach (Breakpoint breakpoint in Execution.Breakpoints.ToArray())
            Execution.Remove(breakpoint);

        _raw.Clear();
        foreach (DebugBreakpoint breakpoint in _breakpoints)
            breakpoint.Inserted.Clear();

        _breakpoints.Clear();
        _awaited = null;
        if (wasRunning || (hasResumed && !CanGoBack))
            Execution.Resume();

        Forget();
    }

    private void RunUntil(DebugThread thread)
    {
        if (thread.ReadRegisters()?.ProgramCounter is not ulong address)
            throw new TargetException(
                TargetProblem.NotSupported,
                $"thread {thread.Number} ({thread.Name}) can't be stepped: it is on no CPU, "
                    + "and where it goes on is not known"
            );

        var breakpoint = new Breakpoint(BreakpointKind.Software, address);
        bool isOurs = !Execution.Breakpoints.Any(one => one.IsInstruction && one.Address == address);
        if (isOurs)
            Execution.Insert(breakpoint);

        _awaited = (thread.Number, address, isOurs);
        Resume();
    }

    private DebugStop End(DebugStop stop)
    {
        if (_awaited is { IsOurs: true } awaited)
            Execution.Remove(new Breakpoint(BreakpointKind.Software, awaited.Address));

        _awaited = null;
        return stop;
    }

    private DebugStop Tell(StopEvent stop)
    {
        DebugThread thread = (stop.Cpu is int cpu ? FindOnCpu(cpu) : null) ?? Current;
        if (stop.Reason != StopReason.Watchpoint || stop.Address is not ulong address)
            return At(thread, stop.Reason);

        Breakpoint watch = Execution.Breakpoints.FirstOrDefault(one =>
            !one.IsInstruction && address >= one.Address && address - one.Address < (ulong)one.Size
        );
        return At(thread, stop.Reason) with
        {
            Watch = (watch.Size == 0 ? BreakpointKind.WriteWatchpoint : watch.Kind, address),
        };
    }

    private DebugStop At(DebugThread thread, StopReason reason)
    {
        _current = thread;
        return new DebugStop(thread, reason);
    }
}
