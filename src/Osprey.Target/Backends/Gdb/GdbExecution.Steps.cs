using System.Diagnostics;
using Osprey.Rsp.Packets;
using Osprey.Target.Execution;

namespace Osprey.Target.Backends.Gdb;

/// <content>Steps of one vCPU, and those past a breakpoint.</content>
internal sealed partial class GdbExecution
{
    /// <summary>How long a step may take before it is looked where the vCPU is.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Has a vCPU execute one instruction. The step over one that waits, such as <c>hlt</c>, has no end while the other
    /// vCPUs stand still; it is seen by where the vCPU is. A busy host may need seconds for any.
    /// </summary>
    private StopEvent StepOne(int cpu, TimeSpan timeout, CancellationToken cancellation)
    {
        ThreadId thread = cpus.GetThread(cpu);
        ulong? before = cpus.Read(cpu).CodeAddress;
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            Run(() => client.Step(thread));
            try
            {
                if (Wait(timeout < s_look ? timeout : s_look, isStep: true, cancellation) is { } stop)
                    return stop;
            }
            catch (OperationCanceledException)
            {
                _ = Interrupt();
                throw;
            }

            StopEvent stopped = Interrupt(isStep: true) ?? throw DoesNotStop();
            if (stopped.Reason != StopReason.Requested)
                return stopped;

            if (cpus.Read(cpu).CodeAddress != before)
                return new StopEvent(StopReason.Step, cpu);

            if (hasLeft() || Stopwatch.GetElapsedTime(start) >= timeout)
                return stopped;
        }
    }

    /// <summary>Executes the instructions at breakpoints that vCPUs were told to stand at.</summary>
    /// <returns>The stop that is to be told of; null when there was none but the steps' own.</returns>
    private StopEvent? StepOffBreakpoints()
    {
        foreach ((int cpu, ulong address) in _told.ToArray())
        {
            if (TrySkip(cpu, address))
                continue;

            StopEvent stop = StepOff(cpu, address, patience, CancellationToken.None);
            if (stop.Reason != StopReason.Step)
                return stop;
        }

        return null;
    }

    /// <summary>A vCPU that was stepped to a breakpoint is seen to be there.</summary>
    private void NoteTold(int cpu)
    {
        if (
            cpus.Read(cpu).CodeAddress is ulong there
            && _breakpoints.Any(breakpoint => breakpoint.IsInstruction && breakpoint.Address == there)
        )
            _told[cpu] = there;
    }

    /// <summary>Has a vCPU execute one instruction, past a breakpoint that may be there.</summary>
    private StopEvent StepOff(int cpu, ulong? pc, TimeSpan timeout, CancellationToken cancellation)
    {
        _told.Remove(cpu);
        Breakpoint[] there =
        [
            .. _breakpoints.Where(breakpoint => breakpoint.IsInstruction && breakpoint.Address == pc),
        ];
        if (there.Length == 0)
            return StepOne(cpu, timeout, cancellation);

        if (there.All(one => _ignoresWhenStepping[(int)one.Kind] is not false))
        {
            bool isKnown = there.All(one => _ignoresWhenStepping[(int)one.Kind] is true);
            StopEvent stop = StepOne(cpu, timeout, cancellation);
            bool hasMoved = isKnown || stop.Reason != StopReason.Step || cpus.Read(cpu).CodeAddress != pc;
            if (hasMoved && stop.Reason == StopReason.Step && !isKnown)
            {
                foreach (Breakpoint breakpoint in there)
                    _ignoresWhenStepping[(int)breakpoint.Kind] = true;
            }

            if (hasMoved)
                return stop;
        }

        foreach (Breakpoint breakpoint in there)
            client.Remove(ToRequest(breakpoint));

        try
        {
            StopEvent stop = StepOne(cpu, timeout, cancellation);
            bool isKnown = there.All(one => _ignoresWhenStepping[(int)one.Kind] is not null);
            if (!isKnown && stop.Reason == StopReason.Step && cpus.Read(cpu).CodeAddress != pc)
            {
                foreach (Breakpoint breakpoint in there)
                    _ignoresWhenStepping[(int)breakpoint.Kind] ??= false;
            }

            return stop;
        }
        finally
        {
            // Were it to fail, the breakpoint would be gone and still be counted as there: it is removed once more
            // at the end, which does no harm.
            lock (_inserting)
            {
                foreach (Breakpoint breakpoint in there.Where(_ => !hasLeft()))
                    client.Insert(ToRequest(breakpoint));
            }
        }
    }
}
