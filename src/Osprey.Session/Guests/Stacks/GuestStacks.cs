using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Values;
using Osprey.Values.Frames;

namespace Osprey.Session.Guests.Stacks;

/// <summary>Reads the stacks of a guest's vCPUs, all at one moment.</summary>
/// <param name="session">The guest.</param>
public sealed class GuestStacks(GuestSession session)
{
    /// <summary>The stacks of some vCPUs.</summary>
    /// <param name="cpus">Their numbers from 0.</param>
    /// <param name="options">How far to go.</param>
    /// <param name="pauses">
    /// Whether a live guest is paused meanwhile; otherwise a stack may change while it is walked.
    /// </param>
    /// <exception cref="TargetException">Registers can't be had, or the guest can't be paused.</exception>
    public IReadOnlyList<CpuStack> Read(IReadOnlyList<int> cpus, UnwinderOptions options, bool pauses)
    {
        UnwindModuleList modules = ListModules();
        if (!pauses || session.Target.Access != TargetAccess.Live)
            return Walk(cpus, options, modules, copies: false);

        // Once without a pause, so that whatever is slow the first time is over when the guest stands still.
        Walk(cpus, options, modules, copies: true);
        using (session.Target.Pause())
        {
            session.Refresh();
            return Walk(cpus, options, modules, copies: true);
        }
    }

    /// <summary>The stack that saved registers lead to, in the chosen address space. Nothing is paused.</summary>
    /// <param name="registers">The registers: at least rip and rsp.</param>
    /// <param name="options">How far to go.</param>
    public CpuStack Read(RegisterSet registers, UnwinderOptions options) =>
        new(null, registers, session.Virtual, new Unwinder(ListModules(), session.Virtual, options).Unwind(registers));

    /// <summary>One frame of a vCPU's stack. A live guest is paused while the stack is walked.</summary>
    /// <param name="cpu">The vCPU's number from 0.</param>
    /// <param name="number">The frame's number as backtraces have it: functions that were inlined count.</param>
    /// <exception cref="TargetException">
    /// There is no such frame, registers can't be had, or the guest can't be paused.
    /// </exception>
    public CpuFrame ReadFrame(int cpu, int number) =>
        GetFrame(Read([cpu], UnwinderOptions.Default, pauses: true)[0], number);

    /// <summary>One frame of a stack that was read.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="number">The frame's number as backtraces have it: functions that were inlined count.</param>
    /// <exception cref="TargetException">There is no such frame.</exception>
    public CpuFrame GetFrame(CpuStack stack, int number)
    {
        IReadOnlyList<BacktraceRow> rows = new BacktraceSymbols(session.Symbols).Expand(stack.Backtrace);
        if (number >= rows.Count)
            throw new TargetException(
                TargetProblem.NoSuchFrame,
                $"vCPU {stack.Cpu} has no frame {number}: there are {rows.Count}, from 0 on"
            )
            {
                Cpu = stack.Cpu,
            };

        ValueSpace values = CreateValues(stack);
        return new CpuFrame(
            values,
            new StackScopes(values, stack.Backtrace).Find(rows[number].FrameIndex, rows[number].InlineIndex)
        );
    }

    /// <summary>The variables of a stack's frames, read as its vCPU sees memory.</summary>
    public StackScopes GetScopes(CpuStack stack) => new(CreateValues(stack), stack.Backtrace);

    private UnwindModuleList ListModules() => new(session.Programs.Modules.Select(module => module.Unwind));

    private ValueSpace CreateValues(CpuStack stack) => session.CreateValues(stack.Memory, () => stack.Registers);

    private CpuStack[] Walk(IReadOnlyList<int> cpus, UnwinderOptions options, UnwindModuleList modules, bool copies)
    {
        IReadOnlyList<RegisterSet> sets = session.Target.ReadRegisters(cpus);
        var stacks = new CpuStack[cpus.Count];
        for (int i = 0; i < stacks.Length; i++)
        {
            RegisterSet registers = sets[i];
            VirtualMemory memory = GetMemory(registers);
            Backtrace backtrace = new Unwinder(modules, memory, options).Unwind(registers);
            stacks[i] = new CpuStack(
                cpus[i],
                registers,
                copies ? StackSnapshot.Take(memory, backtrace) : memory,
                backtrace
            );
        }

        return stacks;
    }

    /// <summary>Each vCPU has page tables of its own.</summary>
    private VirtualMemory GetMemory(RegisterSet registers) =>
        X64Paging.FromRegisters(registers) is { } paging && paging != session.Space.Paging
            ? new VirtualMemory(session.Physical, new PageTableWalker(session.Physical, paging))
            : session.Virtual;
}
