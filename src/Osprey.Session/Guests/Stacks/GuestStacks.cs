using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Values.Expressions;
using Osprey.Values.Frames;

namespace Osprey.Session.Guests.Stacks;

/// <summary>Reads the stacks of a guest's vCPUs, all at one moment.</summary>
/// <param name="session">The guest.</param>
public sealed class GuestStacks(GuestSession session)
{
    /// <summary>The stacks of some vCPUs.</summary>
    /// <param name="cpus">Their numbers from 0.</param>
    /// <param name="options">How far to go.</param>
    /// <param name="pauses">Whether a live guest is paused meanwhile; otherwise a stack may change while it is walked.</param>
    /// <exception cref="TargetException">Registers can't be had, or the guest can't be paused.</exception>
    public IReadOnlyList<CpuStack> Read(IReadOnlyList<int> cpus, UnwinderOptions options, bool pauses)
    {
        var modules = new UnwindModuleList(session.Programs.Modules.Select(module => module.Unwind));
        if (!pauses || session.Target.Access != TargetAccess.Live)
            return Walk(cpus, options, modules);

        // Once without a pause, so that whatever is slow the first time is over when the guest stands still.
        Walk(cpus, options, modules);
        using (session.Target.Pause())
        {
            session.Refresh();
            return Walk(cpus, options, modules);
        }
    }

    /// <summary>What can be named in one frame of a vCPU's stack, as it is now: nothing is paused.</summary>
    /// <param name="cpu">The vCPU's number from 0.</param>
    /// <param name="number">The frame's number as backtraces have it: functions that were inlined count.</param>
    /// <exception cref="TargetException">There is no such frame, or registers can't be had.</exception>
    public IVariableScope ReadFrame(int cpu, int number)
    {
        Backtrace backtrace = Read([cpu], UnwinderOptions.Default, pauses: false)[0].Backtrace;
        IReadOnlyList<BacktraceRow> rows = new BacktraceSymbols(session.Symbols).Expand(backtrace);
        if (number >= rows.Count)
            throw new TargetException($"vCPU {cpu} has no frame {number}: there are {rows.Count}, from 0 on", $"osprey bt --cpu {cpu}");

        return FindScope(backtrace, rows, rows[number]) ?? (IVariableScope)new RegisterScope(session.Values, backtrace.Frames[rows[number].FrameIndex].Registers);
    }

    /// <summary>The variables of one row of a backtrace; null when debug info knows no function there.</summary>
    /// <param name="backtrace">The backtrace.</param>
    /// <param name="rows">All of its rows.</param>
    /// <param name="row">The row.</param>
    public FrameScope? FindScope(Backtrace backtrace, IReadOnlyList<BacktraceRow> rows, BacktraceRow row)
    {
        StackFrame frame = backtrace.Frames[row.FrameIndex];
        ulong address = frame.Address.Lookup;
        if (session.Programs.Modules.FirstOrDefault(module => address >= module.Start && address < module.End) is not { } module)
            return null;

        IReadOnlyList<DebugScope> scopes = module.Types.FindScopes(module.Bias.ToLinkAddress(address));
        int inner = rows.Count(other => other.FrameIndex == row.FrameIndex && other.Number < row.Number);
        if (inner >= scopes.Count)
            return null;

        var context = new FrameExpressionContext(frame, session.Virtual, module.Bias) { FrameBase = scopes[^1].FrameBase };
        return new FrameScope(session.Values, scopes[inner], context);
    }

    private CpuStack[] Walk(IReadOnlyList<int> cpus, UnwinderOptions options, UnwindModuleList modules)
    {
        var stacks = new CpuStack[cpus.Count];
        for (int i = 0; i < stacks.Length; i++)
        {
            RegisterSet registers = session.Target.ReadRegisters(cpus[i]);
            stacks[i] = new CpuStack(cpus[i], registers, new Unwinder(modules, GetMemory(registers), options).Unwind(registers));
        }

        return stacks;
    }

    /// <summary>Each vCPU has page tables of its own.</summary>
    private VirtualMemory GetMemory(RegisterSet registers) => X64Paging.FromRegisters(registers) is { } paging && paging != session.Space.Paging
        ? new VirtualMemory(session.Physical, new PageTableWalker(session.Physical, paging))
        : session.Virtual;
}
