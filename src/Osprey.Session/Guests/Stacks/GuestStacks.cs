using System.Globalization;
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
    /// <summary>Reads the stacks of some vCPUs.</summary>
    /// <param name="cpus">Their numbers from 0.</param>
    /// <param name="options">The limits of the walk.</param>
    /// <param name="pauses">
    /// True to pause a live guest meanwhile; otherwise a stack may change while it is walked.
    /// </param>
    /// <exception cref="TargetException">Registers can't be read, or the guest can't be paused.</exception>
    public IReadOnlyList<CpuStack> Read(IReadOnlyList<int> cpus, UnwinderOptions options, bool pauses)
    {
        UnwindModuleList modules = ListModules();
        if (!pauses || session.Target.Access != TargetAccess.Live)
            return Walk(cpus, options, modules, copies: false);

        // Once without a pause, so that whatever is slow the first time is over when the guest stands still.
        Walk(cpus, options, modules, copies: true);
        using (session.Target.Pause())
            return Walk(cpus, options, modules, copies: true);
    }

    /// <summary>Reads the stack that a context's registers lead to. Nothing is paused.</summary>
    /// <param name="thread">The context.</param>
    /// <param name="options">The limits of the walk.</param>
    /// <exception cref="TargetException">Its registers can't be read, or no page tables are known.</exception>
    public CpuStack Read(GuestThread thread, UnwinderOptions options)
    {
        RegisterSet registers = thread.ReadRegisters();
        Backtrace backtrace = Unwind(registers, ListModules(), thread.Memory, options);
        return new CpuStack(thread.Cpu, registers, thread.Memory, backtrace);
    }

    /// <summary>Gives one frame of a stack that was read.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="number">The frame's number as backtraces have it: functions that were inlined count.</param>
    /// <exception cref="TargetException">There is no such frame.</exception>
    internal CpuFrame GetFrame(CpuStack stack, int number)
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

    /// <summary>Gives the variables of a stack's frames, read as its vCPU sees memory.</summary>
    internal StackScopes GetScopes(CpuStack stack) => new(CreateValues(stack), stack.Backtrace);

    private UnwindModuleList ListModules() => session.Programs.ListForUnwinding();

    private ValueSpace CreateValues(CpuStack stack) => session.Vcpu.CreateValues(stack.Memory, () => stack.Registers);

    private CpuStack[] Walk(IReadOnlyList<int> cpus, UnwinderOptions options, UnwindModuleList modules, bool copies)
    {
        IReadOnlyList<RegisterSet> sets = session.Target.ReadRegisters(cpus);
        var stacks = new CpuStack[cpus.Count];
        for (int i = 0; i < stacks.Length; i++)
        {
            RegisterSet registers = sets[i];
            VirtualMemory memory = GetMemory(registers);
            Backtrace backtrace = Unwind(registers, modules, memory, options);
            stacks[i] = new CpuStack(
                cpus[i],
                registers,
                copies ? StackSnapshot.Take(memory, backtrace) : memory,
                backtrace
            );
        }

        return stacks;
    }

    /// <summary>
    /// Walks a stack of 64-bit code; of other code only the innermost frame is given, at its linear address.
    /// </summary>
    private static Backtrace Unwind(
        RegisterSet registers,
        UnwindModuleList modules,
        VirtualMemory memory,
        UnwinderOptions options
    )
    {
        X64CodeMode mode = X64CodeMode.FromRegisters(registers);
        if (mode.Bits == 64 || registers.ProgramCounter is not { } counter)
            return new Unwinder(modules, memory, options).Unwind(registers);

        ulong address = unchecked(mode.CodeBase + counter);
        var frame = new StackFrame(new FrameAddress(address, false), registers, null, FrameOrigin.Start);
        string note = string.Create(
            CultureInfo.InvariantCulture,
            $"{mode.Name}, CS 0x{registers[X64Register.Cs] ?? 0:x} with base 0x{mode.CodeBase:x}: "
        );
        return new Backtrace(
            [frame],
            new BacktraceEnd(BacktraceEndKind.OtherMode, address, mode.Name),
            [note + "callers are found in 64-bit code only", .. mode.Assumption is { } said ? (string[])[said] : []]
        );
    }

    /// <summary>Each vCPU has page tables of its own.</summary>
    private VirtualMemory GetMemory(RegisterSet registers) =>
        X64Paging.FromRegisters(registers) is { } paging && paging != session.Vcpu.Space.Paging
            ? session.WithKernel(new AddressSpace(session.Physical, paging, "CR3 of the vCPU")).Memory
            : session.Vcpu.Memory;
}
