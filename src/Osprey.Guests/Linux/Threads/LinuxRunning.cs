using Osprey.Guests.Threads;

namespace Osprey.Guests.Linux.Threads;

/// <summary>The tasks that the CPUs run, and their idle tasks.</summary>
internal sealed class LinuxRunning
{
    private readonly Dictionary<ulong, int> _running = [];
    private readonly Dictionary<int, ulong> _bases = [];
    private readonly List<ulong> _idle = [];

    /// <summary>The CPUs' idle tasks.</summary>
    public IReadOnlyList<ulong> Idle => _idle;

    /// <summary>The latest time in nanoseconds since boot that a run queue has; null when not known.</summary>
    public long? Time { get; private set; }

    /// <summary>Reads what each CPU runs.</summary>
    public static LinuxRunning Read(GuestKernel kernel, LinuxTaskLayout layout)
    {
        var running = new LinuxRunning();
        LinuxCpus cpus = LinuxCpus.Read(kernel);
        foreach ((int number, ulong offset) in cpus.All)
        {
            running._bases[number] = offset;
            ulong? queue = cpus.Find("runqueues", offset);
            if ((FindCurrent(kernel, layout, cpus, offset) ?? Get(layout.QueueCurrent, queue)) is > 0 and var task)
                running._running[task] = number;

            if (Get(layout.QueueIdle, queue) is > 0 and var idle)
                running._idle.Add(idle);

            if (Get(layout.QueueClock, queue) is { } clock and <= long.MaxValue)
                running.Time = Math.Max(running.Time ?? 0, (long)clock);
        }

        return running;

        ulong? Get(LinuxField? field, ulong? place) =>
            place is { } address ? field?.Read(kernel.Values.Memory, address) : null;
    }

    /// <summary>Finds the CPU that runs a task; null when none does.</summary>
    public int? Find(ulong task) => _running.TryGetValue(task, out int cpu) ? cpu : null;

    /// <summary>Finds the task that a CPU runs; null when that can't be read.</summary>
    public ulong? FindTask(int cpu)
    {
        foreach ((ulong task, int number) in _running)
        {
            if (number == cpu)
                return task;
        }

        return null;
    }

    /// <summary>
    /// Finds the base address of a CPU's own variables, which is in its GS base; null when not known.
    /// </summary>
    public ulong? FindBase(int cpu) => _bases.TryGetValue(cpu, out ulong found) ? found : null;

    /// <summary>Finds the CPU whose own variables are at an address; null when it is none's.</summary>
    public int? FindCpu(ulong place)
    {
        foreach ((int cpu, ulong found) in _bases)
        {
            if (found == place)
                return cpu;
        }

        return null;
    }

    /// <summary>Finds where each CPU's current task is kept; none when the kernel's symbols are not known.</summary>
    public static IReadOnlyList<GuestRunningPlace> FindPlaces(GuestKernel kernel, LinuxTaskLayout layout)
    {
        LinuxCpus cpus = LinuxCpus.Read(kernel);
        return
        [
            .. cpus
                .All.Select(cpu => (cpu.Number, Place: FindCurrentPlace(layout, cpus, cpu.Offset)))
                .Where(cpu => cpu.Place is not null)
                .Select(cpu => new GuestRunningPlace(cpu.Number, cpu.Place!.Value)),
        ];
    }

    private static ulong? FindCurrent(GuestKernel kernel, LinuxTaskLayout layout, LinuxCpus cpus, ulong offset) =>
        FindCurrentPlace(layout, cpus, offset) is { } place
            ? new LinuxField(0, sizeof(ulong), false).Read(kernel.Values.Memory, place)
            : null;

    /// <summary>The variable was a part of pcpu_hot from 6.2 to 6.14, and by itself before and after.</summary>
    private static ulong? FindCurrentPlace(LinuxTaskLayout layout, LinuxCpus cpus, ulong offset) =>
        layout.HotCurrent is { } field && cpus.Find("pcpu_hot", offset) is { } hot
            ? unchecked(hot + (uint)field.Offset)
            : cpus.Find("current_task", offset);
}
