using Osprey.Guests.Linux.Containers;
using Osprey.Guests.Timers;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Timers;

/// <summary>Lists the timers of Linux's CPUs: those of the timer wheels and high-resolution ones.</summary>
/// <remarks>
/// High-resolution timers are in trees, one for each clock, in each CPU's <c>hrtimer_bases</c>; a clock's time is the
/// time since boot and an offset. What a timer is for is told by its function: three of the kernel's stand in structs
/// with the task that is woken up or the work that is to be done.
/// </remarks>
internal sealed class LinuxTimers
{
    private const int MaxTimers = 1 << 20;
    private const int MaxClocks = 16;

    private readonly GuestKernel _kernel;
    private readonly IMemoryReader _memory;
    private readonly LinuxStruct _timer;
    private readonly LinuxStruct _precise;
    private readonly LinuxField? _left;
    private readonly LinuxField? _right;
    private readonly LinuxStruct _clockBase;
    private readonly LinuxTimerWheel? _wheel;
    private readonly Dictionary<ulong, (ulong Offset, bool IsTask)> _purposes = [];

    private LinuxTimers(GuestKernel kernel)
    {
        _kernel = kernel;
        _memory = kernel.Values.Memory;
        _timer = new LinuxStruct(kernel, "struct timer_list");
        _precise = new LinuxStruct(kernel, "struct hrtimer");
        var node = new LinuxStruct(kernel, "struct rb_node");
        _left = node.Find("rb_left");
        _right = node.Find("rb_right");
        _clockBase = new LinuxStruct(kernel, "struct hrtimer_clock_base");
        _wheel = LinuxTimerWheel.TryCreate(kernel);
        AddPurpose("hrtimer_wakeup", "struct hrtimer_sleeper", "timer", "task");
        AddPurpose("process_timeout", "struct process_timer", "timer", "task");
        AddPurpose("delayed_work_timer_fn", "struct delayed_work", "timer", "work", "func");
    }

    /// <summary>Lists the timers by CPU, the soonest first.</summary>
    /// <exception cref="TargetException">The kernel's timers are not understood.</exception>
    public static GuestList<GuestKernelTimer> Read(GuestKernel kernel, CancellationToken cancellation)
    {
        // They change all the time: nothing that was read before is of use.
        kernel.Refresh();
        var reader = new LinuxTimers(kernel);
        LinuxField clocks = new LinuxStruct(kernel, "struct hrtimer_cpu_base").Require("clock_base");
        GuestList<GuestKernelTimer> timers = GuestWalk<GuestKernelTimer>.Read(
            kernel,
            walk =>
            {
                LinuxCpus cpus = LinuxCpus.Read(kernel);
                LinuxClock? clock = LinuxClock.Read(kernel);
                if (cpus.All.Count == 0)
                    walk.AddDefect("the kernel's CPUs can't be found");

                if (reader._wheel is null)
                    walk.AddDefect("the kernel's timer wheels are not understood");

                foreach ((int number, ulong offset) in cpus.All)
                {
                    if (cpus.Find("timer_bases", offset) is { } wheels && reader._wheel is { } wheel)
                    {
                        foreach (ulong timer in wheel.Enumerate(wheels, number, walk.AddDefect))
                            walk.Add(reader.ReadTimer(number, timer, clock));
                    }

                    if (cpus.Find("hrtimer_bases", offset) is { } precise)
                        reader.ReadPrecise(walk, number, unchecked(precise + (ulong)clocks.Offset), clocks.Size, clock);
                    else
                        walk.AddDefect("the kernel's high-resolution timers can't be found");
                }
            },
            cancellation
        );
        return timers with
        {
            Items =
            [
                .. timers
                    .Items.OrderBy(timer => timer.Cpu)
                    .ThenBy(timer => timer.Remaining ?? long.MaxValue)
                    .ThenBy(timer => timer.Address),
            ],
        };
    }

    private GuestKernelTimer ReadTimer(int cpu, ulong timer, LinuxClock? clock)
    {
        ulong? expires = _timer.Read(timer, "expires");
        long? remaining = expires is { } jiffies ? clock?.GetRemaining(jiffies) : null;
        return AddPurpose(
            new GuestKernelTimer(cpu, "wheel", timer, _timer.Read(timer, "function") ?? 0)
            {
                Clock = "jiffies",
                Time = unchecked(clock?.Time + remaining),
                Remaining = remaining,
            }
        );
    }

    private void ReadPrecise(GuestWalk<GuestKernelTimer> walk, int cpu, ulong clocks, int size, LinuxClock? clock)
    {
        if (
            _clockBase.Size is not { } each
            || _precise.Find("node") is not { } node
            || (_clockBase.Find("active", "rb_root", "rb_root") ?? _clockBase.Find("active", "head")) is not { } root
        )
        {
            walk.AddDefect("the kernel's high-resolution timers are not understood");
            return;
        }

        for (int i = 0; i < Math.Min(size / (int)each, MaxClocks); i++)
        {
            ulong place = unchecked(clocks + ((ulong)i * each));
            if (!_memory.TryReadUInt64(unchecked(place + (ulong)root.Offset), out ulong top))
            {
                walk.AddDefect($"the high-resolution timers of CPU {cpu} can't be read");
                return;
            }

            ulong offset = _clockBase.Read(place, "offset") ?? 0;
            string name = NameClock(_clockBase.Read(place, "clockid"));
            string what = $"timers of CPU {cpu}";
            var chain = new LinuxChain(_memory, what, MaxTimers, walk.AddDefect);
            foreach (ulong timer in chain.WalkTree(top, _left, _right, node.Offset))
            {
                ulong? expires = _precise.Read(timer, "node", "expires");
                long? time = expires is { } own ? unchecked((long)(own - offset)) : null;
                walk.Add(
                    AddPurpose(
                        new GuestKernelTimer(cpu, "hrtimer", timer, _precise.Read(timer, "function") ?? 0)
                        {
                            Clock = name,
                            Time = time,
                            Remaining = unchecked(time - clock?.Time),
                        }
                    )
                );
            }
        }
    }

    private GuestKernelTimer AddPurpose(GuestKernelTimer timer)
    {
        if (
            !_purposes.TryGetValue(timer.Function, out (ulong Offset, bool IsTask) purpose)
            || !_memory.TryReadUInt64(unchecked(timer.Address + purpose.Offset), out ulong value)
            || value == 0
        )
            return timer;

        return purpose.IsTask ? timer with { Thread = value } : timer with { Work = value };
    }

    /// <summary>Notes the struct around the timers that have a function, and the place of its subject.</summary>
    private void AddPurpose(string function, string structure, string timer, params ReadOnlySpan<string> subject)
    {
        var around = new LinuxStruct(_kernel, structure);
        if (
            _kernel.FindSymbol(function) is { } address
            && around.Find(timer) is { } from
            && around.Find(subject) is { } to
        )
            _purposes[address] = (unchecked((ulong)(to.Offset - from.Offset)), subject[^1] == "task");
    }

    private static string NameClock(ulong? clock) =>
        clock switch
        {
            0 => "realtime",
            1 => "monotonic",
            7 => "boottime",
            11 => "tai",
            _ => "?",
        };
}
