using System.Diagnostics;
using Osprey.Rsp;
using Osprey.Rsp.Client;
using Osprey.Rsp.Packets;
using Osprey.Target.Execution;

namespace Osprey.Target.Backends.Gdb;

// QEMU's stub stops all vCPUs together and lets all run together, but steps one alone. While they run, nothing can be
// asked: any byte stops them. So there are two states: the guest stands still, and everything can be done, or it
// runs, and can only be stopped or waited for.
//
// A vCPU that stands at a breakpoint hits it again at once when it is let run. A step ignores breakpoints at the
// instruction that it executes, so such vCPUs are stepped first, with their breakpoint taken out for that: stubs that
// write their breakpoints into memory need it.
//
// Breakpoints live in QEMU, not in the connection: they stay there when the connection breaks. End removes them one by
// one, and after a break GdbTarget connects anew for that.

/// <summary>Steers a guest through its stub.</summary>
internal sealed class GdbExecution(
    RspClient client,
    GdbCpus cpus,
    StopGeneration generation,
    TimeSpan patience,
    Func<RspException, TargetException> translate,
    Func<bool> hasLeft
) : IExecutionControl
{
    private const byte InterruptSignal = 2; // SIGINT
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<Breakpoint> _breakpoints = [];
    private readonly Stopwatch _ran = new();
    private StopEvent? _pending;

    /// <inheritdoc/>
    public ExecutionFeatures Features => ExecutionFeatures.Step | ExecutionFeatures.Breakpoints;

    /// <inheritdoc/>
    public bool IsRunning => client.IsProgramRunning;

    /// <inheritdoc/>
    public IReadOnlyCollection<Breakpoint> Breakpoints => _breakpoints;

    /// <summary>The time that the guest ran because it was let run.</summary>
    public TimeSpan Ran => _ran.Elapsed;

    /// <inheritdoc/>
    public void Stop()
    {
        if (!IsRunning)
            return;

        try
        {
            _pending =
                Interrupt()
                ?? throw new TargetException(TargetProblem.DoesNotStop, "the guest does not stop when it is told to");
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    /// <inheritdoc/>
    public void Resume()
    {
        if (IsRunning)
            return;

        try
        {
            _pending = StepOffBreakpoints();
            if (_pending is null)
                Run(client.Continue);
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    /// <inheritdoc/>
    public StopEvent Step(int cpu, TimeSpan timeout, CancellationToken cancellation = default)
    {
        _pending = null;
        try
        {
            return StepOne(cpu, timeout, cancellation);
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    /// <inheritdoc/>
    public StopEvent? WaitForStop(TimeSpan timeout, CancellationToken cancellation = default)
    {
        if (Interlocked.Exchange(ref _pending, null) is { } known)
            return known;

        try
        {
            return Wait(timeout, isStep: false, cancellation);
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    /// <inheritdoc/>
    public void Insert(Breakpoint breakpoint)
    {
        if (_breakpoints.Contains(breakpoint))
            return;

        try
        {
            if (!client.Insert(ToRequest(breakpoint)))
                throw new TargetException(
                    TargetProblem.NotSupported,
                    $"the gdb stub has no breakpoints of the kind {breakpoint.Kind}"
                );

            _breakpoints.Add(breakpoint);
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    /// <inheritdoc/>
    public void Remove(Breakpoint breakpoint)
    {
        if (!_breakpoints.Contains(breakpoint))
            return;

        try
        {
            client.Remove(ToRequest(breakpoint));
            _breakpoints.Remove(breakpoint);
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    /// <summary>Stops the guest if it runs, and removes all breakpoints: it can then be left.</summary>
    /// <exception cref="RspException">The stub is gone, or does not answer.</exception>
    public void End()
    {
        if (IsRunning)
            _ = Interrupt();

        RemoveAll(client);
    }

    /// <summary>Removes all breakpoints over any connection to the stub.</summary>
    public void RemoveAll(RspClient connection)
    {
        foreach (Breakpoint breakpoint in _breakpoints.ToArray())
        {
            connection.Remove(ToRequest(breakpoint));
            _breakpoints.Remove(breakpoint);
        }
    }

    private StopEvent StepOne(int cpu, TimeSpan timeout, CancellationToken cancellation)
    {
        ThreadId thread = cpus.GetThread(cpu);
        Run(() => client.Step(thread));
        try
        {
            if (Wait(timeout, isStep: true, cancellation) is { } stop)
                return stop;
        }
        catch (OperationCanceledException)
        {
            _ = Interrupt();
            throw;
        }

        return Interrupt()
            ?? throw new TargetException(TargetProblem.DoesNotStop, "the guest does not stop when it is told to");
    }

    /// <summary>Executes the instructions at breakpoints that vCPUs stand at.</summary>
    /// <returns>The stop that is to be told of; null when there was none but the steps' own.</returns>
    private StopEvent? StepOffBreakpoints()
    {
        if (!_breakpoints.Any(breakpoint => breakpoint.IsInstruction))
            return null;

        for (int cpu = 0; cpu < cpus.Count; cpu++)
        {
            ulong? pc = cpus.Read(cpu).ProgramCounter;
            Breakpoint[] there =
            [
                .. _breakpoints.Where(breakpoint => breakpoint.IsInstruction && breakpoint.Address == pc),
            ];
            if (there.Length == 0)
                continue;

            foreach (Breakpoint breakpoint in there)
                client.Remove(ToRequest(breakpoint));

            StopEvent stop;
            try
            {
                stop = StepOne(cpu, patience, CancellationToken.None);
            }
            finally
            {
                // Were it to fail, the breakpoint would be gone and still be counted as there: it is removed once more
                // at the end, which does no harm.
                foreach (Breakpoint breakpoint in there)
                    client.Insert(ToRequest(breakpoint));
            }

            if (stop.Reason != StopReason.Step)
                return stop;
        }

        return null;
    }

    private void Run(Action resume)
    {
        generation.Advance();
        resume();
        _ran.Start();
    }

    private StopEvent? Interrupt()
    {
        client.Interrupt();
        return Wait(patience, isStep: false, CancellationToken.None, endsWhenLeft: false);
    }

    /// <param name="timeout">How long.</param>
    /// <param name="isStep">Whether a step is waited for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="endsWhenLeft">
    /// Whether leaving the guest ends the wait. Who leaves it waits himself for the stop: the guest can't be let go
    /// before it has come.
    /// </param>
    private StopEvent? Wait(TimeSpan timeout, bool isStep, CancellationToken cancellation, bool endsWhenLeft = true)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            cancellation.ThrowIfCancellationRequested();
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            StopReply? reply = client.WaitForStop(left < s_slice && left > TimeSpan.Zero ? left : s_slice);
            if (reply is not null)
            {
                _ran.Stop();
                generation.Advance();
                return Describe(reply, isStep);
            }
        } while (IsRunning && !(endsWhenLeft && hasLeft()) && Stopwatch.GetElapsedTime(start) < timeout);

        return null;
    }

    private StopEvent Describe(StopReply reply, bool isStep)
    {
        if (reply.Kind != StopKind.Signal)
            return new StopEvent(StopReason.Ended);

        int? cpu = reply.Thread is { } thread ? cpus.Find(thread) : null;
        if (reply.WatchAddress is ulong touched)
            return new StopEvent(StopReason.Watchpoint, cpu, touched);

        if (isStep)
            return new StopEvent(StopReason.Step, cpu);

        if (reply.Code == InterruptSignal)
            return new StopEvent(StopReason.Requested, cpu);

        ulong? pc = cpu is int known ? cpus.Read(known).ProgramCounter : null;
        return _breakpoints.Any(breakpoint => breakpoint.IsInstruction && breakpoint.Address == pc)
            ? new StopEvent(StopReason.Breakpoint, cpu, pc)
            : new StopEvent(StopReason.Other, cpu);
    }

    private BreakpointRequest ToRequest(Breakpoint breakpoint) =>
        new(
            breakpoint.Kind switch
            {
                BreakpointKind.Software => StubBreakpointType.Software,
                BreakpointKind.Hardware => StubBreakpointType.Hardware,
                BreakpointKind.WriteWatchpoint => StubBreakpointType.Write,
                BreakpointKind.ReadWatchpoint => StubBreakpointType.Read,
                _ => StubBreakpointType.Access,
            },
            breakpoint.Address,
            breakpoint.IsInstruction ? cpus.Architecture.BreakpointKind : breakpoint.Size
        );
}
