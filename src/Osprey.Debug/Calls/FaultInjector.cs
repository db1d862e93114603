using Osprey.Debug.Breakpoints;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Execution;

namespace Osprey.Debug.Calls;

/// <summary>
/// Makes calls of a function fail: at its first instruction it returns at once, with a value that was chosen.
/// </summary>
/// <remarks>Only registers are written: the result, the stack pointer and the program counter.</remarks>
/// <param name="session">The guest, which stands still. Its registers may be written.</param>
/// <param name="result">The value that is returned.</param>
public sealed class FaultInjector(DebugSession session, ulong result)
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(200);

    /// <summary>Lets the guest run and has each hit of a breakpoint return at once.</summary>
    /// <param name="entry">The breakpoint at the function's first instruction.</param>
    /// <param name="sink">Told of each call that will fail, before it does; false to end after it.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The last stop, where the guest ended or was stopped by something else; null otherwise.</returns>
    /// <exception cref="TargetException">The guest can't be reached any more, or its registers written.</exception>
    public DebugStop? Run(
        DebugBreakpoint entry,
        Func<DebugStop, bool> sink,
        TimeSpan timeout,
        CancellationToken cancellation
    )
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        session.Resume();
        while (!cancellation.IsCancellationRequested)
        {
            TimeSpan left = timeout - System.Diagnostics.Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                break;

            DebugStop? stop = session.WaitForStop(left < s_slice ? left : s_slice, CancellationToken.None);
            if (stop is null)
            {
                if (!session.IsRunning && !cancellation.IsCancellationRequested)
                    throw new TargetException(TargetProblem.GuestEnded, "the guest can't be reached any more");

                continue;
            }

            if (stop.Problem is { } problem)
                throw new TargetException(TargetProblem.NotAnswered, problem);

            if (stop.Breakpoint != entry)
                return stop;

            bool goesOn = sink(stop);
            Return(stop);
            if (!goesOn)
                break;

            session.Resume();
        }

        return null;
    }

    private void Return(DebugStop stop)
    {
        if (stop.Thread.Cpu is not int cpu)
            throw new TargetException(TargetProblem.NoRegisters, "the vCPU that stopped is not known");

        IRegisterWriter writer = session.Guest.Target.Require<IRegisterWriter>();
        GuestThread context = session.Guest.GetCpu(cpu);
        RegisterSet registers = context.ReadRegisters();
        Architecture architecture = registers.Architecture;
        if (
            registers.StackPointer is not ulong sp
            || architecture.FindRegister("rax") is not { } value
            || !architecture.TryReadPointer(context.Memory, sp, out ulong back)
            || !session.Guest.Symbols.MayBeCode(back)
        )
            throw new TargetException(
                TargetProblem.NoRegisters,
                "the function can't be left: its return address is not known"
            );

        writer.WriteRegisters(
            cpu,
            [
                (value, result),
                (architecture.StackPointer, unchecked(sp + (ulong)architecture.PointerSize)),
                (architecture.ProgramCounter, back),
            ]
        );
        session.Forget();
    }
}
