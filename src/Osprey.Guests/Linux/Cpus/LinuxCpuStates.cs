using System.Globalization;
using Osprey.Guests.Cpus;
using Osprey.Guests.Linux.Threads;
using Osprey.Guests.Threads;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Cpus;

/// <summary>Reads what Linux's CPUs are, as <c>/proc/cpuinfo</c> shows them, and what they do.</summary>
/// <remarks>
/// What a CPU is stands in its <c>cpu_info</c>. Its preemption count has, from the lowest bit on, eight bits for code
/// that must not be preempted, eight for softirqs (the lowest one while one runs, the others while they are off), four
/// for interrupts and four for non-maskable ones; the highest bit is clear when it should switch threads
/// (include/linux/preempt.h).
/// </remarks>
internal static class LinuxCpuStates
{
    private const int MaxName = 64;

    /// <summary>Lists the CPUs.</summary>
    public static GuestList<GuestCpuState> Read(
        GuestKernel kernel,
        LinuxTaskLayout layout,
        GuestThreadList threads,
        CancellationToken cancellation
    ) =>
        GuestWalk<GuestCpuState>.Read(
            kernel,
            walk =>
            {
                LinuxCpus cpus = LinuxCpus.Read(kernel);
                var running = LinuxRunning.Read(kernel, layout);
                if (cpus.All.Count == 0)
                    walk.AddDefect("the kernel's CPUs can't be found");

                Dictionary<int, ulong> online = cpus.All.ToDictionary(cpu => cpu.Number, cpu => cpu.Offset);
                foreach (int number in online.Keys.Union(LinuxCpus.ListPresent(kernel)).Order())
                {
                    GuestThreadState? thread = running.FindTask(number) is { } task
                        ? threads.Threads.FirstOrDefault(item => item.Address == task)
                        : null;
                    walk.Add(
                        online.TryGetValue(number, out ulong offset)
                            ? ReadOne(kernel, cpus, new GuestCpuState(number, true) { Thread = thread }, offset)
                            : new GuestCpuState(number, false)
                    );
                }
            },
            cancellation
        );

    /// <summary>The kinds of code that a preemption count tells of.</summary>
    internal static IEnumerable<string> ListContexts(ulong count)
    {
        if ((count >> 20 & 0xf) != 0)
            yield return "nmi";

        if ((count >> 16 & 0xf) != 0)
            yield return "interrupt";

        if ((count >> 8 & 1) != 0)
            yield return "softirq";
        else if ((count >> 8 & 0xff) != 0)
            yield return "softirqs off";

        if ((count & 0xff) != 0)
            yield return "preemption off";
    }

    private static GuestCpuState ReadOne(GuestKernel kernel, LinuxCpus cpus, GuestCpuState cpu, ulong offset)
    {
        IMemoryReader memory = kernel.Values.Memory;
        ulong? count = ReadPreemption(kernel, cpus, offset);
        cpu = cpu with
        {
            IsIdle = cpu.Thread is null ? null : cpu.Thread.Id == 0,
            Contexts = count is { } word ? [.. ListContexts(word)] : [],
            PreemptionCount = count & 0xff,
            Frequency =
                kernel.FindSymbol("cpu_khz") is { } place && memory.TryReadUInt32(place, out uint frequency)
                    ? frequency
                    : null,
        };
        if (cpus.Find("cpu_info", offset) is not { } info)
            return cpu;

        var data = new LinuxStruct(kernel, "struct cpuinfo_x86");
        ulong? family = data.Read(info, "x86");
        ulong? model = data.Read(info, "x86_model");
        ulong? stepping = data.Read(info, "x86_stepping") ?? data.Read(info, "x86_mask"); // renamed in 4.16
        return cpu with
        {
            Vendor = ReadText("x86_vendor_id"),
            Model = ReadText("x86_model_id"),
            Version =
                family is null || model is null
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"{family}/{model}/{stepping}"),
            Package = data.Read(info, "topo", "pkg_id") ?? data.Read(info, "phys_proc_id"), // moved in 6.7
            Core = data.Read(info, "topo", "core_id") ?? data.Read(info, "cpu_core_id"),
            ApicId = data.Read(info, "topo", "initial_apicid") ?? data.Read(info, "initial_apicid"),
            Microcode = data.Read(info, "microcode"),
        };

        string? ReadText(string member) =>
            data.Find(member) is { } field
            && LinuxText.ReadName(memory, unchecked(info + (ulong)field.Offset), Math.Min(field.Size, MaxName))
                is { } text
            && text.Trim() is { Length: > 0 } name
                ? name
                : null;
    }

    /// <summary>The count was a part of pcpu_hot from 6.2 to 6.14, and a variable by itself before and after.</summary>
    private static ulong? ReadPreemption(GuestKernel kernel, LinuxCpus cpus, ulong offset)
    {
        if (
            LinuxField.Find(kernel.Values, "struct pcpu_hot", "preempt_count") is { } field
            && cpus.Find("pcpu_hot", offset) is { } hot
        )
            return field.Read(kernel.Values.Memory, hot) & 0x7fff_ffff;

        return
            cpus.Find("__preempt_count", offset) is { } place
            && kernel.Values.Memory.TryReadUInt32(place, out uint count)
            ? count & 0x7fff_ffff
            : null;
    }
}
