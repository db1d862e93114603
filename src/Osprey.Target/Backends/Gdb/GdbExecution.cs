using System.Diagnostics;
using System.Globalization;
using Osprey.Rsp;
using Osprey.Rsp.Client;
using Osprey.Rsp.Packets;
using Osprey.Target.Architectures;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Gdb;

// QEMU's stub stops all vCPUs together and lets all run together, but steps one alone. While they run, nothing can be
// asked: any byte stops them. So there are two states: the guest stands still, and everything can be done, or it
// runs, and can only be stopped or waited for.
//
// A vCPU that stands at a breakpoint hits it again at once when it is let run. So a vCPU whose stop there was told is
// stepped first. Only such ones: when two come to a breakpoint at the same moment, the stub tells of one, and the other
// hits it when all run on. Emulating stubs (TCG) ignore a breakpoint at the instruction that is stepped; others write
// it into memory, and it must be taken out for the step. The first step tells which kind the stub is.
//
// Breakpoints live in QEMU, not in the connection: they stay there when the connection breaks. End removes them one by
// one, and after a break GdbTarget connects anew for that.

/// <summary>Steers a guest through its stub.</summary>
internal sealed partial class GdbExecution(
    RspClient client,
    GdbCpus cpus,
    StopGeneration generation,
    TimeSpan patience,
    Func<RspException, TargetException> translate,
    Func<bool> hasLeft,
    Action<Breakpoint, bool> note,
    Action<int, IReadOnlyList<(Register Register, ulong Value)>, bool> writeRegisters,
    IPhysicalMemory? memory
) : IExecutionControl
{
    private const byte InterruptSignal = 2; // SIGINT
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<Breakpoint> _breakpoints = [];

    /// <summary>The vCPUs that were told to be at a breakpoint, which have not moved since, and the address.</summary>
    private readonly Dictionary<int, ulong> _told = [];

    /// <summary>
    /// Tells whether a step ignores a breakpoint at its instruction, by kind; null as long as that is not known.
    /// </summary>
    private readonly bool?[] _ignoresWhenStepping = new bool?[2];
    private readonly Stopwatch _ran = new();
    private StopEvent? _pending;

    /// <summary>
    /// Held while breakpoints are inserted or removed: whoever leaves the guest does it from another thread, and none
    /// may be inserted behind his back.
    /// </summary>
    private readonly Lock _inserting = new();

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
            _pending = Interrupt() ?? throw DoesNotStop();
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
            if (FindSkipThatRuns() is (var cpu, var values))
            {
                _pending = null;
                Run(() => writeRegisters(cpu, values, true));
                return;
            }

            _pending = StepOffBreakpoints();
            if (_pending is null)
            {
                _told.Clear();
                Run(client.Continue);
            }
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
            ulong? pc = _breakpoints.Count == 0 ? null : cpus.Read(cpu).CodeAddress;
            StopEvent stop = StepOff(cpu, pc, timeout, cancellation);
            if (pc is not null && stop.Reason == StopReason.Step)
                NoteTold(cpu);

            return stop;
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
        try
        {
            lock (_inserting)
            {
                if (_breakpoints.Contains(breakpoint))
                    return;

                if (hasLeft())
                    throw new TargetException(TargetProblem.LetGo, "the guest has been let go of");

                note(breakpoint, true);
                InsertInStub(breakpoint);
                _breakpoints.Add(breakpoint);
            }
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    /// <summary>Has the stub insert one. What it refuses is not in the guest: the note of it goes, too.</summary>
    private void InsertInStub(Breakpoint breakpoint)
    {
        try
        {
            if (client.Insert(ToRequest(breakpoint)))
                return;
        }
        catch (RspException refused) when (refused.Received is ['E', ..] error)
        {
            note(breakpoint, false);
            throw new TargetException(
                TargetProblem.CommandFailed,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the gdb stub refuses a breakpoint ({breakpoint.Kind}, {breakpoint.Size} bytes) at "
                ) + $"0x{breakpoint.Address:x}: {error}",
                refused
            );
        }

        note(breakpoint, false);
        throw new TargetException(
            TargetProblem.NotSupported,
            $"the gdb stub has no breakpoints of the kind {breakpoint.Kind}"
        );
    }

    /// <inheritdoc/>
    public void Remove(Breakpoint breakpoint)
    {
        try
        {
            lock (_inserting)
            {
                if (!_breakpoints.Contains(breakpoint))
                    return;

                client.Remove(ToRequest(breakpoint));
                _breakpoints.Remove(breakpoint);
                note(breakpoint, false);
            }
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    /// <summary>Notes that a vCPU's registers were written: it may stand elsewhere.</summary>
    public void NoteMoved(int cpu)
    {
        _told.Remove(cpu);
        generation.Advance();
    }

    /// <summary>Stops the guest if it runs, and removes all breakpoints: it can then be left.</summary>
    /// <exception cref="RspException">The stub is gone, or does not answer.</exception>
    public void End()
    {
        if (IsRunning)
            _ = Interrupt();

        RemoveAll(client);
    }

    /// <summary>Removes breakpoints that a program left which was killed.</summary>
    /// <returns>How many were there.</returns>
    public int RemoveLeft(IEnumerable<Breakpoint> left)
    {
        int found = 0;
        foreach (Breakpoint breakpoint in left)
        {
            try
            {
                client.Remove(ToRequest(breakpoint));
                found++;
            }
            catch (RspException) when (!client.IsBroken)
            {
                // It was not there: the kill came before it was inserted, or somebody else removed it.
            }

            note(breakpoint, false);
        }

        return found;
    }

    /// <summary>Removes all breakpoints over any connection to the stub.</summary>
    public void RemoveAll(RspClient connection)
    {
        lock (_inserting)
        {
            foreach (Breakpoint breakpoint in _breakpoints.ToArray())
            {
                connection.Remove(ToRequest(breakpoint));
                _breakpoints.Remove(breakpoint);
                note(breakpoint, false);
            }
        }
    }

    private static TargetException DoesNotStop() =>
        new(TargetProblem.DoesNotStop, "the guest does not stop when it is told to");

    private void Run(Action resume)
    {
        generation.Advance();
        resume();
        _ran.Start();
    }

    private StopEvent? Interrupt(bool isStep = false)
    {
        client.Interrupt();
        return Wait(patience, isStep, CancellationToken.None, endsWhenLeft: false);
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
        Direction direction = _direction;
        _direction = Direction.Forward;
        if (reply.WatchAddress is ulong touched)
            return new StopEvent(StopReason.Watchpoint, cpu, touched);

        if (reply.Code == InterruptSignal)
            return new StopEvent(StopReason.Requested, cpu);

        if (isStep)
            return new StopEvent(StopReason.Step, cpu);

        ulong? pc = cpu is int known ? cpus.Read(known).CodeAddress : null;
        if (
            direction == Direction.BackByOne
            || !_breakpoints.Any(breakpoint => breakpoint.IsInstruction && breakpoint.Address == pc)
        )
            return direction == Direction.Forward ? new StopEvent(StopReason.Other, cpu) : DescribeBack(direction, cpu);

        if (cpu is int there && pc is ulong address)
            _told[there] = address;

        return new StopEvent(StopReason.Breakpoint, cpu, pc);
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
