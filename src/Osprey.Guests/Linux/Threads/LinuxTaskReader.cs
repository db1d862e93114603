using System.Text;
using Osprey.Guests.Linux.Processes;
using Osprey.Guests.Linux.Stacks;
using Osprey.Guests.Threads;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Threads;

/// <summary>
/// Reads one Linux task out of its <c>task_struct</c>, which is copied first: all of it is of one moment.
/// </summary>
/// <param name="kernel">The kernel.</param>
/// <param name="layout">The places of a task's members.</param>
/// <param name="running">What the CPUs run.</param>
internal sealed class LinuxTaskReader(GuestKernel kernel, LinuxTaskLayout layout, LinuxRunning running)
{
    private const ulong MaxId = 1 << 22; // PID_MAX_LIMIT
    private const int MaxName = 64;
    private const ulong KernelThread = 0x0020_0000; // PF_KTHREAD
    private const int FirstNormalPriority = 100; // MAX_RT_PRIO
    private const int NormalPriority = 120; // DEFAULT_PRIO
    private const ulong UsualStackSize = 16 << 10;

    private readonly IMemoryReader _memory = kernel.Values.Memory;
    private readonly Lazy<SwitchedOutRegisters?> _registers = new(() =>
        SwitchedOutRegisters.Create(kernel.Values, kernel.Values.Memory)
    );
    private readonly Lazy<LinuxProcessSizes> _sizes = new(() => new LinuxProcessSizes(kernel));
    private readonly Dictionary<ulong, ulong?> _parents = [];
    private readonly byte[] _copy = new byte[layout.Size];

    /// <summary>Copies a task; null when there is none, or it can't be read.</summary>
    /// <param name="task">The address.</param>
    /// <returns>The copy, until the next call.</returns>
    public ReadOnlyMemory<byte>? Copy(ulong task)
    {
        bool isTask =
            LinuxStruct.IsKernelAddress(task)
            && task % sizeof(ulong) == 0
            && task <= ulong.MaxValue - (ulong)_copy.Length
            && _memory.TryRead(task, _copy)
            && layout.Id.Get(_copy) <= MaxId
            && layout.ProcessId.Get(_copy) <= MaxId;

        // In one expression, null would be an array that converts to memory of no bytes.
        if (!isTask)
            return null;

        return _copy;
    }

    /// <summary>Reads a task; null when there is none, or it can't be read.</summary>
    /// <param name="address">The address.</param>
    public GuestThreadState? Read(ulong address) => Copy(address) is { } copy ? Read(address, copy.Span) : null;

    /// <summary>Reads a task out of its copy.</summary>
    /// <param name="address">The address.</param>
    /// <param name="task">The copy.</param>
    public GuestThreadState Read(ulong address, ReadOnlySpan<byte> task)
    {
        int? runsOn = running.Find(address);
        ulong id = layout.Id.Get(task) ?? 0;
        LinuxTaskState state = ReadState(task);
        bool isKernel = (layout.Flags.Get(task) & KernelThread) != 0;
        ulong? stack = layout.Stack?.Get(task);
        ulong? preemptions = layout.Preemptions?.Get(task);
        long? user = Signed(layout.UserTime?.Get(task));
        long? system = Signed(layout.SystemTime?.Get(task));
        (ulong? mapped, ulong? resident) = layout.AddressSpace?.Get(task) is > 0 and var space
            ? _sizes.Value.Read(space)
            : (null, null);
        return new GuestThreadState(id, address, ReadName(task), runsOn is null ? state.Word : "running")
        {
            ProcessId = layout.ProcessId.Get(task),
            StateLetter = state.Letter,
            IsKernel = isKernel,
            Cpu = runsOn ?? (layout.Cpu?.Get(task) is { } cpu and <= int.MaxValue ? (int)cpu : null),
            IsRunning = runsOn is not null,
            IsWaiting = runsOn is null && state.IsWaiting,
            HasEnded = runsOn is null && state.IsDead,
            Priority = unchecked(Signed(layout.Priority?.Get(task)) - FirstNormalPriority),
            RealtimePriority = Signed(layout.RealtimePriority?.Get(task)),
            Nice = unchecked(Signed(layout.StaticPriority?.Get(task)) - NormalPriority),
            Policy = DescribePolicy(layout.Policy?.Get(task)),
            VirtualRuntime = layout.VirtualRuntime?.Get(task),
            CpuTime = Signed(layout.Runtime?.Get(task)),
            UserTime = user,
            SystemTime = system,
            SwitchedAt = ReadSwitch(task, runsOn is not null),
            Switches = unchecked(layout.VoluntarySwitches?.Get(task) + preemptions),
            Preemptions = preemptions,
            Migrations = layout.Migrations?.Get(task),
            VirtualSize = mapped,
            ResidentSize = resident,
            StackStart = stack is > 0 ? stack : null,
            StackSize = stack is > 0 ? layout.StackSize : null,
            ParentId = id > 0 && layout.Parent?.Get(task) is { } parent ? FindParent(parent) : null,
            Saved =
                runsOn is null && !state.IsDead && stack is > 0 and var start ? ReadRegisters(address, start) : null,
        };
    }

    /// <summary>
    /// Tells whether a task ran or runs, or changed its state, since it was read; or ended.
    /// </summary>
    public bool HasRun(GuestThreadState before)
    {
        if (Copy(before.Address) is not { } copy)
            return true;

        ReadOnlySpan<byte> task = copy.Span;
        return layout.Id.Get(task) != before.Id
            || layout.ProcessId.Get(task) != before.ProcessId
            || running.Find(before.Address) is not null
            || layout.OnCpu?.Get(task) is > 0
            || unchecked(layout.VoluntarySwitches?.Get(task) + layout.Preemptions?.Get(task)) != before.Switches
            || Signed(layout.Runtime?.Get(task)) != before.CpuTime
            || ReadState(task).Letter != before.StateLetter;
    }

    private LinuxTaskState ReadState(ReadOnlySpan<byte> task) =>
        LinuxTaskState.Of(layout.State.Get(task) ?? 0, layout.ExitState.Get(task) ?? 0);

    private string ReadName(ReadOnlySpan<byte> task)
    {
        ReadOnlySpan<byte> name = task.Slice(layout.Name.Offset, Math.Min(layout.Name.Size, MaxName));
        int end = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }

    /// <summary>
    /// Gives the time since boot at which the task began to run, or stopped to. The kernel keeps the time at which it
    /// last began; the time that it then ran is in its run time, if it is of the fair scheduler. The last time that
    /// its run time was counted is a lower limit, which is what there is for others.
    /// </summary>
    private long? ReadSwitch(ReadOnlySpan<byte> task, bool isRunning)
    {
        long? arrival = Signed(layout.Arrival?.Get(task)) is > 0 and var began ? began : null;
        if (isRunning)
            return arrival;

        long? counted = Signed(layout.AccountedAt?.Get(task)) is > 0 and var time ? time : null;
        long? stint = Signed(unchecked(layout.Runtime?.Get(task) - layout.RuntimeBefore?.Get(task)));
        bool isFair = layout.Policy?.Get(task) is 0 or 3 or 5;
        long? left =
            isFair && stint is >= 0 and < long.MaxValue / 4 && arrival < long.MaxValue / 4 ? arrival + stint : arrival;
        return counted is null || left > counted ? left : counted;
    }

    /// <summary>The process that a task's parent is a thread of.</summary>
    private ulong? FindParent(ulong parent)
    {
        if (!_parents.TryGetValue(parent, out ulong? id))
        {
            id = layout.ProcessId.Read(_memory, parent) is { } read and <= MaxId ? read : null;
            _parents[parent] = id;
        }

        return id;
    }

    /// <summary>The registers, which are on the task's own stack, or else are of another moment.</summary>
    private RegisterSet? ReadRegisters(ulong task, ulong stack) =>
        _registers.Value?.Read(task) is { StackPointer: { } pointer } saved
        && unchecked(pointer - stack) <= (layout.StackSize ?? UsualStackSize)
            ? saved
            : null;

    private static long? Signed(ulong? value) => value is { } number ? unchecked((long)number) : null;

    private static string? DescribePolicy(ulong? policy) =>
        policy switch
        {
            null => null,
            0 => "other",
            1 => "fifo",
            2 => "rr",
            3 => "batch",
            5 => "idle",
            6 => "deadline",
            7 => "ext",
            { } unknown => $"?{unknown}",
        };
}
