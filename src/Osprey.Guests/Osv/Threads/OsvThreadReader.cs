using Osprey.Guests.Threads;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Architectures;
using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv.Threads;

/// <summary>Reads one OSv thread out of its <c>sched::thread</c> object.</summary>
/// <remarks>
/// The object, about 20 KiB with its interrupt stacks, is copied first, so that its fields are of one moment. Members
/// are found by name, the newest name first.
/// </remarks>
/// <param name="kernel">The kernel.</param>
/// <param name="cpus">What its CPUs run.</param>
internal sealed class OsvThreadReader(GuestKernel kernel, OsvCpus cpus)
{
    private const int MaxName = 256;
    private const int MaxTimers = 1024;

    // sched.cc: how many low bits of a time the estimator drops, and how many it keeps.
    private const int EstimatorShift = 10;
    private const long EstimatorSpan = 1L << (32 + EstimatorShift);
    private const long TimeSlack = 60_000_000_000;

    /// <summary>Reads a thread.</summary>
    /// <param name="entry">The object, or a pointer to it.</param>
    /// <returns>Null when there is no thread, or it can't be read.</returns>
    public GuestThreadState? Read(Value entry)
    {
        if (FindObject(entry) is not { Address: { } address } thread)
            return null;

        Value detached = FindDetachedState(thread);
        if (detached.Member("t") is { } back && back.AsPointer() != address)
            return null;

        if (thread.Member("_id") is not { } idMember || !idMember.TryGetUInt64(out ulong id))
            return null;

        string state = ReadState(detached.Member("st", "_status"));
        ulong? controlBlock = thread.Member("_tcb")?.AsPointer();
        int? runs = controlBlock is { } block && block != 0 ? cpus.FindRunning(block) : null;
        bool isRunning = cpus.IsExact ? runs is not null : state == "running";
        (long? total, long? switched) = ReadTimes(thread, isRunning);
        return new GuestThreadState(id, address, ReadName(thread), state)
        {
            Cpu = runs ?? OsvPointers.Count(detached.Member("_cpu")?.Member("id")),
            IsRunning = isRunning,
            IsWaiting = !isRunning && state is "waiting" or "sending_lock",
            ThreadPointer = controlBlock,
            Priority = ReadDouble(thread.Path("_runtime", "_priority")),
            RealtimePriority = OsvPointers.Count(thread.Path("_realtime", "_priority")),
            VirtualRuntime = ReadDouble(thread.Path("_runtime", "_Rtt")),
            CpuTime = total,
            SwitchedAt = switched,
            Switches = OsvPointers.Number(thread.Path("stat_switches", "_counter")),
            Preemptions = OsvPointers.Number(thread.Path("stat_preemptions", "_counter")),
            Migrations = OsvPointers.Number(thread.Path("stat_migrations", "_counter")),
            StackStart = thread.Path("_attr", "_stack", "begin")?.AsPointer(),
            StackSize = OsvPointers.Number(thread.Path("_attr", "_stack", "size")),
            ParentId = OsvPointers.Number(thread.Member("_parent_id")),
            Joiner = thread.Member("_joiner")?.AsPointer() is > 0 and var joiner ? joiner : null,
            Timers = ReadTimers(thread),
            Saved = isRunning ? null : ReadRegisters(thread.Member("_state"), controlBlock),
        };
    }

    /// <summary>
    /// Tells whether a thread was switched to or away from, or changed its state, since it was read; or ended. A thread
    /// that runs may have been read as one that does not, when it was switched to after the CPUs were read.
    /// </summary>
    /// <param name="thread">The object.</param>
    /// <param name="cpus">What the CPUs run now.</param>
    /// <param name="before">The thread as it was.</param>
    public static bool HasRun(Value thread, OsvCpus cpus, GuestThreadState before) =>
        (before.ThreadPointer is { } block && cpus.FindRunning(block) is not null)
        || OsvPointers.Number(thread.Member("_id")) != before.Id
        || OsvPointers.Number(thread.Path("stat_switches", "_counter")) != before.Switches
        || OsvTime.Read(thread.Member("_total_cpu_time")) != before.CpuTime
        || ReadState(FindDetachedState(thread).Member("st", "_status")) != before.State;

    /// <summary>Before December 2013 what is in the detached state was in the thread itself.</summary>
    private static Value FindDetachedState(Value thread) =>
        thread.Member("_detached_state") is { } pointer ? OsvPointers.Target(pointer) : thread;

    private static Value? FindObject(Value entry)
    {
        Value value = entry.Follow();
        if (value.ResolvedType is not CompoundType)
            value = value.Dereference();

        return value.ResolvedType is CompoundType && value.Address is not null and not 0 ? value.Fetch() : null;
    }

    private static string ReadState(Value? state)
    {
        if (state is null || !state.TryReadInteger(out Int128 number, out _))
            return "?";

        Value plain = state.AsContainer() is ContainerView.Wrapper { Inner: { } inner } ? inner : state;
        if (plain.ResolvedType is EnumType type)
        {
            foreach (Enumerator enumerator in type.Enumerators)
            {
                if (number == enumerator.Value)
                    return enumerator.Name;
            }
        }

        return $"?{number}";
    }

    private static string ReadName(Value thread)
    {
        Value? name = thread.Path("_attr", "_name");
        string text = (name?.Member("_M_elems") ?? name)?.AsString(MaxName) ?? "";
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }

    /// <summary>
    /// Reads the time that a thread has run, and the time at which it was switched in or out. OSv keeps, for a clock of
    /// the thread, when it was last switched in and how long it had run until then; both without their lowest and
    /// highest bits. What it has run since then is in its total, so that the sum is when it was switched out.
    /// </summary>
    private (long? Total, long? Switched) ReadTimes(Value thread, bool isRunning)
    {
        long? total = OsvTime.Read(thread.Member("_total_cpu_time"));
        if (
            total is not { } ran
            || cpus.Time is not { } now
            || OsvPointers.Number(thread.Member("_cputime_estimator")) is not (> 0 and var estimator)
        )
            return (total, null);

        long begun = Complete((long)(estimator & uint.MaxValue) << EstimatorShift, now);
        long ranBefore = Complete((long)(estimator >> 32) << EstimatorShift, ran);
        return (total, isRunning ? begun : Math.Min(begun + Math.Max(ran - ranBefore, 0), Math.Max(now, begun)));
    }

    /// <summary>
    /// Gives a time the high bits that were not kept: it is before a later time, or just behind it, since a running
    /// guest's time was read a moment ago.
    /// </summary>
    private static long Complete(long low, long later)
    {
        long time = (later & ~(EstimatorSpan - 1)) | low;
        return time > later + TimeSlack && time >= EstimatorSpan ? time - EstimatorSpan : time;
    }

    private static List<GuestTimer> ReadTimers(Value thread)
    {
        var timers = new List<GuestTimer>();
        foreach (Value timer in thread.Member("_active_timers")?.Elements() ?? [])
        {
            if (timers.Count == MaxTimers)
                break;

            if (OsvTime.Read(timer.Member("_time")) is { } time)
                timers.Add(new GuestTimer(time, ReadState(timer.Member("_state")) == "expired"));
        }

        timers.Sort((one, other) => one.Time.CompareTo(other.Time));
        return timers;
    }

    /// <summary>
    /// The program counter, stack pointer and frame pointer, and what leads to the thread's variables; the other
    /// registers are on the stack.
    /// </summary>
    private RegisterSet? ReadRegisters(Value? state, ulong? controlBlock)
    {
        if (state is null)
            return null;

        var registers = new RegisterSet(kernel.Architecture);
        foreach (Register register in kernel.Architecture.Registers)
        {
            foreach (string name in register.SavedNames)
            {
                if (registers[register] is null)
                    registers[register] = state.Member(name)?.AsPointer();
            }
        }

        if (kernel.Architecture.ThreadPointer is { } pointer)
            registers[pointer] = controlBlock;

        return registers.ProgramCounter is null or 0 || registers.StackPointer is null or 0 ? null : registers;
    }

    private static double? ReadDouble(Value? value) =>
        value is not null && value.TryGetDouble(out double number) ? number : null;
}
