using Osprey.Guests.Osv.Scheduling;
using Osprey.Guests.Threads;
using Osprey.Values;

namespace Osprey.Guests.Osv.Threads;

/// <summary>OSv's CPUs, as far as the list of threads needs them.</summary>
/// <param name="running">The number of the CPU that each control block is current on.</param>
/// <param name="isExact">True when every CPU told its control block.</param>
/// <param name="time">The latest time in nanoseconds since boot at which a CPU switched; null when not known.</param>
internal sealed class OsvCpus(Dictionary<ulong, int> running, bool isExact, long? time)
{
    /// <summary>
    /// True when the kernel keeps the control block that each CPU runs with, as those since October 2023 do.
    /// </summary>
    public bool IsExact => isExact;

    /// <summary>The latest time in nanoseconds since boot at which a CPU switched; null when not known.</summary>
    public long? Time => time;

    /// <summary>Finds the CPU that runs the thread of a control block; null when none does.</summary>
    public int? FindRunning(ulong controlBlock) => running.TryGetValue(controlBlock, out int cpu) ? cpu : null;

    /// <summary>
    /// Finds where each CPU's control block is kept; none for kernels before October 2023, which do not keep it.
    /// </summary>
    public static IReadOnlyList<GuestRunningPlace> FindPlaces(GuestKernel kernel) =>
        [
            .. OsvCpuList
                .Enumerate(kernel)
                .Select(cpu => (cpu.Number, cpu.Cpu.Path("arch", "_current_thread_kernel_tcb")?.Address))
                .Where(cpu => cpu.Address is not null)
                .Select(cpu => new GuestRunningPlace(cpu.Number, cpu.Address!.Value)),
        ];

    /// <summary>Reads what each of <c>sched::cpus</c> runs.</summary>
    public static OsvCpus Read(GuestKernel kernel)
    {
        var running = new Dictionary<ulong, int>();
        bool isExact = true;
        long? time = null;
        int count = 0;
        foreach ((int number, Value cpu) in OsvCpuList.Enumerate(kernel))
        {
            if (cpu.Path("arch", "_current_thread_kernel_tcb")?.AsPointer() is { } block)
                running[block] = number;
            else
                isExact = false;

            if (OsvTime.Read(cpu.Member("running_since")) is { } since && (time is null || since > time))
                time = since;

            count++;
        }

        return new OsvCpus(running, isExact && count > 0, time);
    }
}
