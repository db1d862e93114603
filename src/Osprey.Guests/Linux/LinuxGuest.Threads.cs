using Osprey.Guests.Linux.Locks;
using Osprey.Guests.Linux.Stacks;
using Osprey.Guests.Linux.Threads;
using Osprey.Guests.Threads;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Linux;

/// <content>The kernel's tasks.</content>
internal sealed partial class LinuxGuest : IGuestThreads, IGuestRunning
{
    private const ulong PrivilegeMask = 3;

    private LinuxTaskLayout? _tasks;
    private (GuestKernel Kernel, LinuxWaitFrames Frames)? _waits;
    private LinuxLocks? _locks;

    /// <inheritdoc/>
    public bool HasProcesses => true;

    /// <inheritdoc/>
    public string ThreadType => "struct task_struct";

    public GuestThreadList ReadThreads(GuestKernel kernel, CancellationToken cancellation)
    {
        if (_waits?.Kernel != kernel)
            _waits = (kernel, LinuxWaitFrames.Of(kernel));

        return LinuxTasks.Read(kernel, GetTasks(kernel), cancellation);
    }

    public IReadOnlyList<GuestRunningPlace> FindRunningPlaces(GuestKernel kernel) =>
        LinuxRunning.FindPlaces(kernel, GetTasks(kernel));

    public bool HasRun(GuestKernel kernel, GuestThreadState thread)
    {
        kernel.Refresh();
        return CreateReader(kernel).HasRun(thread);
    }

    public GuestThreadState? ReadAgain(GuestKernel kernel, GuestThreadState thread) =>
        CreateReader(kernel).Read(thread.Address) is { } read
        && read.Id == thread.Id
        && read.ProcessId == thread.ProcessId
        && read.StateLetter != 'X'
            ? read
            : null;

    public bool IsWaiting(BacktraceRow frame) => _waits?.Frames.IsWaiting(frame) ?? false;

    public GuestWait? FindWait(
        GuestKernel kernel,
        GuestThreadList threads,
        GuestThreadState thread,
        Backtrace stack,
        IReadOnlyList<BacktraceRow> rows
    )
    {
        if (_locks?.Tasks != threads)
            _locks = new LinuxLocks(kernel, threads);

        return _locks.Find(thread, LinuxWaitFrames.FindWait(thread, rows), rows);
    }

    /// <summary>
    /// A CPU's GS base is the place of its own variables, while it runs the kernel; in user mode, the one that is
    /// swapped in on entry. Where that is not known, the page tables of a program tell.
    /// </summary>
    public bool? IsOn(GuestKernel kernel, GuestThreadState thread, RegisterSet registers)
    {
        if (thread is not { IsRunning: true, Cpu: int cpu })
            return false;

        bool knowsSwapped = registers.TryGet(X64Register.KernelGsBase, out ulong swapped);
        var running = LinuxRunning.Read(kernel, GetTasks(kernel));
        if (running.FindBase(cpu) is { } place)
        {
            // An idle CPU may have the page tables of a program that another one runs.
            if (registers.TryGet(X64Register.GsBase, out ulong own) && running.FindCpu(own) is int found)
                return found == cpu;

            if (knowsSwapped)
                return swapped == place;
        }

        return HasTables(kernel, thread, registers) == true;
    }

    /// <summary>
    /// In the kernel, a task is on its own stack, or on one that its CPU has for interrupts and exceptions; in its
    /// program, and at the entry from it, it has its page tables.
    /// </summary>
    public bool CanBeOf(GuestKernel kernel, GuestThreadState thread, RegisterSet registers)
    {
        if (registers.StackPointer is not { } pointer || !registers.TryGet(X64Register.Cs, out ulong selector))
            return true;

        bool isInProgram = (selector & PrivilegeMask) == PrivilegeMask;
        if (isInProgram || !LinuxStruct.IsKernelAddress(pointer))
            return !(isInProgram && thread.IsKernel == true) && HasTables(kernel, thread, registers) != false;

        // A task that has ended has given its stack back, and the CPU has another one by then.
        LinuxTaskLayout layout = GetTasks(kernel);
        if (layout.Stack is null || layout.StackSize is null)
            return true;

        return thread is { StackStart: { } start, StackSize: { } size }
            && (unchecked(pointer - start) <= size || CpuStacks.MayHave(kernel, pointer, thread.Cpu));
    }

    /// <summary>
    /// Tells whether registers have the page tables of a thread's process; null when that can't be told.
    /// </summary>
    private bool? HasTables(GuestKernel kernel, GuestThreadState thread, RegisterSet registers) =>
        _machine.TryGetSpace() is { } space
        && FindProcessTables(kernel, thread, GetKernelSpace(space)) is { } root
        && registers.TryGet(X64Register.Cr3, out ulong tables)
            ? PageTableIsolation.IsEither(GuestMachine.AlignRoot(tables), root)
            : null;

    public GuestThreadState? FindCurrent(GuestKernel kernel, RegisterSet registers)
    {
        LinuxTaskLayout layout = GetTasks(kernel);
        var running = LinuxRunning.Read(kernel, layout);
        ulong? task = null;
        foreach (Register register in (ReadOnlySpan<Register>)[X64Register.GsBase, X64Register.KernelGsBase])
        {
            if (registers.TryGet(register, out ulong place) && running.FindCpu(place) is int cpu)
                task ??= running.FindTask(cpu);
        }

        return task is ulong address ? new LinuxTaskReader(kernel, layout, running).Read(address) : null;
    }

    /// <summary>
    /// A thread of the kernel has none of its own and may run with those of any process; it is shown with the kernel's,
    /// so that no process's memory is taken for its own.
    /// </summary>
    public PhysicalAddress? FindPageTables(GuestKernel kernel, GuestThreadState thread, AddressSpace space) =>
        FindProcessTables(kernel, thread, space) ?? FindKernelTables(kernel, space);

    private static PhysicalAddress? FindKernelTables(GuestKernel kernel, AddressSpace space)
    {
        // The names since 4.13, and before.
        foreach (string name in new[] { "init_top_pgt", "init_level4_pgt", "swapper_pg_dir" })
        {
            if (kernel.FindSymbol(name) is { } table && space.Memory.TryTranslate(table, out PhysicalAddress root))
                return root;
        }

        return null;
    }

    private PhysicalAddress? FindProcessTables(GuestKernel kernel, GuestThreadState thread, AddressSpace space)
    {
        LinuxTaskLayout layout = GetTasks(kernel);
        return
            layout.AddressSpace?.Read(space.Memory, thread.Address) is > 0 and var memory
            && layout.PageTable?.Read(space.Memory, memory) is { } table
            && space.Memory.TryTranslate(table, out PhysicalAddress root)
            ? root
            : null;
    }

    private LinuxTaskReader CreateReader(GuestKernel kernel)
    {
        LinuxTaskLayout layout = GetTasks(kernel);
        return new LinuxTaskReader(kernel, layout, LinuxRunning.Read(kernel, layout));
    }

    private LinuxTaskLayout GetTasks(GuestKernel kernel)
    {
        if (_tasks?.Types != kernel.Values)
            _tasks = LinuxTaskLayout.Of(kernel);

        return _tasks;
    }
}
