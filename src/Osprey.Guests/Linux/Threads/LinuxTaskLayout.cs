using System.Numerics;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Linux.Threads;

/// <summary>The places of what is read of a Linux task, as the kernel's own types have them.</summary>
/// <remarks>Members are found by name, the newest name first. Those that a kernel lacks are null.</remarks>
internal sealed class LinuxTaskLayout
{
    private const string Task = "struct task_struct";
    private const string Signal = "struct signal_struct";
    private const ulong MinStackSize = 4 << 10;
    private const ulong MaxStackSize = 1 << 20;

    private LinuxTaskLayout(GuestKernel kernel)
    {
        ValueSpace types = kernel.Values;
        Types = types;
        Tasks = Require("tasks");
        Id = Require("pid");
        ProcessId = Require("tgid");
        Name = Require("comm");
        SignalState = Require("signal");
        ThreadHead = LinuxField.Find(types, Signal, "thread_head");
        ThreadNode = Find("thread_node");
        ThreadGroup = Find("thread_group"); // dropped in 6.7, with thread_head and thread_node in its place since 3.14
        State = Find("__state") ?? Require("state"); // renamed in 5.14
        ExitState = Require("exit_state");
        Flags = Require("flags");
        Parent = Find("real_parent");
        Stack = Find("stack");
        Cpu = Find("thread_info", "cpu") ?? Find("cpu"); // in 5.16 out of the task into its thread_info
        OnCpu = Find("on_cpu");
        OnQueue = Find("on_rq");
        IsDelayed = Find("se", "sched_delayed");
        Priority = Find("prio");
        StaticPriority = Find("static_prio");
        RealtimePriority = Find("rt_priority");
        Policy = Find("policy");
        UserTime = Find("utime");
        SystemTime = Find("stime");
        Runtime = Find("se", "sum_exec_runtime");
        RuntimeBefore = Find("se", "prev_sum_exec_runtime");
        VirtualRuntime = Find("se", "vruntime");
        AccountedAt = Find("se", "exec_start");
        Arrival = Find("sched_info", "last_arrival");
        Migrations = Find("se", "nr_migrations");
        VoluntarySwitches = Find("nvcsw");
        Preemptions = Find("nivcsw");
        AddressSpace = Find("mm");
        PageTable = LinuxField.Find(types, "struct mm_struct", "pgd");
        QueueClock = LinuxField.Find(types, "struct rq", "clock");
        QueueCurrent = LinuxField.Find(types, "struct rq", "curr");
        QueueIdle = LinuxField.Find(types, "struct rq", "idle");
        QueueCount = LinuxField.Find(types, "struct rq", "nr_running");
        HotCurrent = LinuxField.Find(types, "struct pcpu_hot", "current_task");
        StackSize = types.GetSize(types.FindType("union thread_union")) is > 0 and <= MaxStackSize and var size
            ? size
            : MeasureFirstStack(kernel);
        Size = new[]
        {
            Tasks,
            Id,
            ProcessId,
            Name,
            SignalState,
            ThreadNode,
            ThreadGroup,
            State,
            ExitState,
            Flags,
            Parent,
            Stack,
            Cpu,
            OnCpu,
            OnQueue,
            Priority,
            StaticPriority,
            RealtimePriority,
            Policy,
            UserTime,
            SystemTime,
            Runtime,
            RuntimeBefore,
            VirtualRuntime,
            AccountedAt,
            Arrival,
            Migrations,
            VoluntarySwitches,
            Preemptions,
            AddressSpace,
        }.Max(field => field?.End ?? 0);
    }

    /// <summary>The types that it was made of.</summary>
    public ValueSpace Types { get; }

    /// <summary>The bytes of a task from its start that have all members which are read.</summary>
    public int Size { get; }

    public LinuxField Tasks { get; }

    public LinuxField Id { get; }

    public LinuxField ProcessId { get; }

    public LinuxField Name { get; }

    public LinuxField SignalState { get; }

    public LinuxField? ThreadHead { get; }

    public LinuxField? ThreadNode { get; }

    public LinuxField? ThreadGroup { get; }

    public LinuxField State { get; }

    public LinuxField ExitState { get; }

    public LinuxField Flags { get; }

    public LinuxField? Parent { get; }

    public LinuxField? Stack { get; }

    /// <summary>The size of a kernel stack in bytes; null when not known.</summary>
    public ulong? StackSize { get; }

    public LinuxField? Cpu { get; }

    public LinuxField? OnCpu { get; }

    public LinuxField? OnQueue { get; }

    public LinuxField? IsDelayed { get; }

    public LinuxField? Priority { get; }

    public LinuxField? StaticPriority { get; }

    public LinuxField? RealtimePriority { get; }

    public LinuxField? Policy { get; }

    public LinuxField? UserTime { get; }

    public LinuxField? SystemTime { get; }

    public LinuxField? Runtime { get; }

    public LinuxField? RuntimeBefore { get; }

    public LinuxField? VirtualRuntime { get; }

    public LinuxField? AccountedAt { get; }

    public LinuxField? Arrival { get; }

    public LinuxField? Migrations { get; }

    public LinuxField? VoluntarySwitches { get; }

    public LinuxField? Preemptions { get; }

    public LinuxField? AddressSpace { get; }

    public LinuxField? PageTable { get; }

    public LinuxField? QueueClock { get; }

    public LinuxField? QueueCurrent { get; }

    public LinuxField? QueueIdle { get; }

    public LinuxField? QueueCount { get; }

    public LinuxField? HotCurrent { get; }

    /// <summary>Finds the places.</summary>
    /// <exception cref="TargetException">
    /// The kernel's types are not known, or have no task that is understood.
    /// </exception>
    public static LinuxTaskLayout Of(GuestKernel kernel) =>
        kernel.Values.FindType(Task) is null
            ? throw new TargetException(
                TargetProblem.KernelUnknown,
                "the kernel's types are not known, so that its tasks can't be read: it has no BTF in its memory, and "
                    + "its vmlinux is not here"
            )
            : new LinuxTaskLayout(kernel);

    /// <summary>
    /// The size of the first task's stack, which the linker's script makes room for: between two symbols, of which the
    /// first is the stack's start. Those names are since 6.10, and before.
    /// </summary>
    private static ulong? MeasureFirstStack(GuestKernel kernel)
    {
        foreach (string name in new[] { "init_stack", "init_task" })
        {
            if (
                kernel.FindSymbol("__start_" + name) is { } start
                && kernel.FindSymbol("__end_" + name) is { } end
                && end > start
                && end - start is >= MinStackSize and <= MaxStackSize
                && BitOperations.IsPow2(end - start)
            )
                return end - start;
        }

        return null;
    }

    private LinuxField? Find(params ReadOnlySpan<string> path) => LinuxField.Find(Types, Task, path);

    private LinuxField Require(string member) =>
        Find(member)
        ?? throw new TargetException(
            TargetProblem.NotUnderstood,
            $"the kernel's tasks are not understood: {Task} has no member {member}"
        );
}
