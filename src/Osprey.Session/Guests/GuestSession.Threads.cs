using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Processes;
using Osprey.Guests.Threads;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;
using Osprey.Values;

namespace Osprey.Session.Guests;

/// <content>The guest's own threads.</content>
public sealed partial class GuestSession
{
    /// <summary>Most threads that a message names where a text means several.</summary>
    private const int MaxNamed = 10;

    /// <summary>Most page tables by which the kernel is kept.</summary>
    private const int MaxKernels = 16;

    private readonly Dictionary<ulong, GuestKernel> _kernels = [];
    private GuestKernel? _kernel;
    private GuestThreadList? _threads;
    private long _threadsGeneration;

    /// <summary>The last list, however old: a thread of it may be the one that is looked for.</summary>
    private GuestThreadList? _lastThreads;
    private GuestThread? _selected;

    /// <summary>The kernel with its debug info, as the operating system's abilities need it.</summary>
    /// <exception cref="TargetException">No page tables are known.</exception>
    public GuestKernel Kernel => _kernel ??= FindKernel();

    /// <summary>Page tables that are in use now have the kernel as it was found by them.</summary>
    private GuestKernel FindKernel()
    {
        AddressSpace space = Os.GetOwnSpace(Vcpu.Space);
        ulong root = space.Paging.Root.Value;
        if (_kernels.TryGetValue(root, out GuestKernel? known))
            return known;

        if (_kernels.Count >= MaxKernels)
            _kernels.Clear();

        GuestKernel created = CreateKernel(space);
        _kernels[root] = created; // what it is made of may have asked for it meanwhile
        return created;
    }

    private GuestKernel CreateKernel(AddressSpace space) =>
        new(Vcpu.CreateValues(space.Memory, Vcpu.TryReadRegisters, isOurs: true), Symbols, Programs.ListForUnwinding())
        {
            Refresh = () =>
            {
                // Memory alone: what was found out of it, such as this kernel, is in use.
                if (Target.Access == TargetAccess.Live)
                    Target.Refresh();
            },
        };

    /// <summary>The operating system's ability to list threads.</summary>
    /// <exception cref="TargetException">It has none.</exception>
    public IGuestThreads ThreadReader => RequireAbility<IGuestThreads>("its threads can't be listed");

    /// <summary>
    /// Lists the guest's threads. A list is kept until the guest may have run; one of a guest that runs is kept until
    /// <see cref="Refresh"/>.
    /// </summary>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="TargetException">The system has no such ability, or its kernel is not known.</exception>
    public GuestThreadList ListThreads(CancellationToken cancellation = default)
    {
        long generation = Physical.Generation.Value;
        if (_threads is null || _threadsGeneration != generation)
        {
            _threads = _lastThreads = ThreadReader.ReadThreads(Kernel, cancellation);
            _threadsGeneration = Physical.Generation.Value; // a walk that was repeated read memory anew
        }

        return _threads;
    }

    /// <summary>Finds a thread by its number, its address (0x…) or, if only one has it, its name.</summary>
    /// <exception cref="TargetException">There is none, or several have the name.</exception>
    public GuestThreadState FindThread(string text)
    {
        IReadOnlyList<GuestThreadState> threads = ListThreads().Threads;
        bool isNumber = NumberText.TryParse(text, out ulong number);
        List<GuestThreadState> found = isNumber
            ? [.. threads.Where(thread => thread.Id == number || thread.Address == number)]
            : [.. threads.Where(thread => thread.Name == text)];
        string near = found.Count > 0 || isNumber ? "" : NearNames.Suggest(text, threads.Select(thread => thread.Name));
        return found switch
        {
            [var one] => one,
            [] => throw new TargetException(TargetProblem.NoSuchThread, $"the guest has no thread '{text}'{near}"),
            _ => throw new TargetException(TargetProblem.NoSuchThread, DescribeSeveral(text, found, isNumber)),
        };
    }

    /// <summary>Says which threads a text may mean, each by something that means it alone.</summary>
    private static string DescribeSeveral(string text, List<GuestThreadState> found, bool isNumber)
    {
        IEnumerable<string> shown = found
            .Take(MaxNamed)
            .Select(thread =>
            {
                string own = isNumber ? thread.Name : thread.Id.ToString(CultureInfo.InvariantCulture);
                return string.Create(CultureInfo.InvariantCulture, $"{own} (0x{thread.Address:x})");
            });
        string more = found.Count > MaxNamed ? $" and {found.Count - MaxNamed} more" : "";
        string which = isNumber ? "number" : "name";
        string what = isNumber ? "name or address" : "number or address";
        return $"'{text}' is the {which} of {found.Count} threads: {string.Join(", ", shown)}{more}; "
            + $"give the {what} of one";
    }

    /// <summary>Gives a context for one of the guest's threads: its registers, memory, variables and stack.</summary>
    /// <param name="thread">The thread.</param>
    /// <exception cref="TargetException">
    /// It runs and no vCPU is seen to run it, or its registers can't be read.
    /// </exception>
    public GuestThread GetThread(GuestThreadState thread)
    {
        if (thread.Saved is { } saved)
            return new GuestThread(this, null, () => saved, () => FindSpace(thread)) { State = thread };

        if (thread.HasEnded) // what the system keeps of it can be looked at
        {
            RegisterSet ReadNone() => throw NoRegisters(thread);
            return new GuestThread(this, null, ReadNone, () => FindSpace(thread)) { State = thread };
        }

        GuestThread vcpu = FindVcpu(thread) ?? throw NoRegisters(thread);
        return new GuestThread(this, vcpu.Cpu, vcpu.ReadRegisters, () => vcpu.Space) { State = thread };
    }

    /// <summary>
    /// Gives a context for the memory of a process, with the registers of the thread where they are saved.
    /// </summary>
    /// <param name="thread">A thread of the process.</param>
    /// <exception cref="TargetException">
    /// It is a thread of the kernel or ended, so that it has no memory; or the system has no processes.
    /// </exception>
    public GuestThread GetProcess(GuestThreadState thread)
    {
        IGuestProcesses processes = RequireAbility<IGuestProcesses>("it has no processes with memory of their own");
        AddressSpace kernel = Os.GetOwnSpace(Vcpu.Space);
        AddressSpace space = kernel.WithRoot(
            processes.GetProcessTables(Kernel, thread, kernel),
            string.Create(CultureInfo.InvariantCulture, $"process {thread.ProcessId}")
        );
        return new GuestThread(this, null, () => thread.Saved ?? throw NoRegisters(thread), () => space)
        {
            State = thread,
        };
    }

    /// <summary>
    /// Finds the vCPU that runs a thread, by its registers as they are without a pause; null when none is.
    /// </summary>
    public GuestThread? FindVcpu(GuestThreadState thread)
    {
        if (thread.ThreadPointer is null && !thread.IsRunning)
            return null;

        // Most systems number their CPUs as QEMU does: try that one first.
        int guess = thread.Cpu ?? 0;
        foreach (int cpu in Enumerable.Range(0, Target.CpuCount).OrderBy(cpu => cpu == guess ? 0 : 1))
        {
            GuestThread vcpu = GetCpu(cpu);
            if (vcpu.TryReadRegisters() is { } registers && IsOn(thread, registers))
                return vcpu;
        }

        return null;
    }

    /// <summary>
    /// Reads the thread that a vCPU runs, without a list of all where that is possible: by what the kernel keeps of its
    /// CPUs, or else by a thread that was listed before and has the vCPU's thread pointer. It is read anew, and is the
    /// same only with the same number.
    /// </summary>
    /// <param name="cpu">The vCPU's number, from 0.</param>
    /// <returns>Null when only a list of all threads can tell.</returns>
    /// <exception cref="TargetException">The system has no such ability, or its kernel is not known.</exception>
    public GuestThreadState? FindRunning(int cpu)
    {
        if (GetCpu(cpu).TryReadRegisters() is not { } registers)
            return null;

        if (ThreadReader.FindCurrent(Kernel, registers) is { } current)
            return CanBeOf(current, registers) ? current : null;

        if (Os.FindThreadPointer(registers, Kernel.Values.Memory, Programs.Kernel?.Types) is not ulong pointer)
            return null;

        GuestThreadState? known = _lastThreads?.Threads.FirstOrDefault(thread => thread.ThreadPointer == pointer);
        return
            known is not null
            && ThreadReader.ReadAgain(Kernel, known) is { IsRunning: true } read
            && read.ThreadPointer == pointer
            ? read
            : null;
    }

    /// <summary>Tells whether a vCPU runs a thread that was listed before, by its registers. Cheap.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="cpu">The vCPU's number, from 0.</param>
    public bool RunsOn(GuestThreadState thread, int cpu) =>
        GetCpu(cpu).TryReadRegisters() is { } registers && IsOn(thread, registers);

    /// <summary>The reason why a thread has no registers that could be followed.</summary>
    internal static TargetException NoRegisters(GuestThreadState thread) =>
        new(
            TargetProblem.NoSuchThread,
            thread.HasEnded ? $"thread {thread.Id} has ended and has no stack"
                : thread.IsRunning ? $"thread {thread.Id} runs, and no vCPU's registers can be seen to be its own"
                : $"the registers of thread {thread.Id} are not saved anywhere: it is {thread.State}"
        );

    /// <summary>
    /// Finds the object that the system keeps the thread of a context in, as a pointer; null when there is none.
    /// </summary>
    internal Value? FindCurrent(GuestThread context)
    {
        if (Os is not IGuestThreads { ThreadType: { } type })
            return null;

        ulong? address = context.State?.Address ?? (context.Cpu is int cpu ? FindRunning(cpu)?.Address : null);
        if (address is null && context.TryReadRegisters() is { } registers)
            address = ListThreads().Threads.FirstOrDefault(item => item.IsRunning && IsOn(item, registers))?.Address;

        return address is { } found ? context.Values.FromPointer(context.Values.FindType(type), found) : null;
    }

    /// <summary>Tells whether a vCPU with these registers runs a thread.</summary>
    internal bool IsOn(GuestThreadState thread, RegisterSet registers) =>
        ThreadReader.IsOn(Kernel, thread, registers) is { } isOn
            ? isOn && CanBeOf(thread, registers)
            : thread.ThreadPointer is { } pointer
                && Os.FindThreadPointer(registers, Kernel.Values.Memory, Programs.Kernel?.Types) == pointer;

    /// <summary>What is read of a guest that stands still is of one moment.</summary>
    private bool CanBeOf(GuestThreadState thread, RegisterSet registers) =>
        Target.Access != TargetAccess.Live || ThreadReader.CanBeOf(Kernel, thread, registers);

    /// <summary>The address space that a thread runs in: its process's, or the kernel's.</summary>
    private AddressSpace FindSpace(GuestThreadState thread)
    {
        if (!ThreadReader.HasProcesses)
            return Vcpu.Space;

        AddressSpace kernel = Os.GetOwnSpace(Vcpu.Space);
        return ThreadReader.FindPageTables(Kernel, thread, kernel) is { } root
            ? kernel.WithRoot(root, string.Create(CultureInfo.InvariantCulture, $"process {thread.ProcessId}"))
            : kernel;
    }

    /// <summary>What this way to the guest lacks, such as registers, where that may be why nothing was found.</summary>
    private string DescribeShortcoming() => Target.Shortcoming is { } shortcoming ? $" ({shortcoming.Message})" : "";

    /// <summary>Asks for an ability that not all operating systems have.</summary>
    /// <param name="otherwise">The message when it has not, such as "its threads can't be listed".</param>
    /// <exception cref="TargetException">It has not.</exception>
    public TAbility RequireAbility<TAbility>(string otherwise)
        where TAbility : class =>
        Os as TAbility
        ?? throw new TargetException(
            TargetProblem.NotAnswered,
            Identity == GuestIdentity.Unknown
                ? $"no operating system was recognised in the guest{DescribeShortcoming()}: {otherwise}"
                : $"the guest runs {Identity.Description}: {otherwise}"
        );
}
