using Osprey.Guests.Interrupts;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Interrupts;

/// <summary>Reads how often each CPU did the work of each kind of softirq, as <c>/proc/softirqs</c> shows it.</summary>
/// <remarks>
/// The counters are an array of each CPU's <c>kstat</c>; the kernel numbers the kinds by an enumeration, and a kernel
/// that has not one of them does not count it.
/// </remarks>
internal static class LinuxSoftInterrupts
{
    private static readonly (string Name, string Description)[] s_kinds =
    [
        ("HI", "Softirq: urgent tasklets"),
        ("TIMER", "Softirq: timers"),
        ("NET_TX", "Softirq: packets to send"),
        ("NET_RX", "Softirq: packets received"),
        ("BLOCK", "Softirq: finished requests of block devices"),
        ("IRQ_POLL", "Softirq: polled block devices"),
        ("TASKLET", "Softirq: tasklets"),
        ("SCHED", "Softirq: balancing of CPUs"),
        ("HRTIMER", "Softirq: high-resolution timers"),
        ("RCU", "Softirq: RCU"),
    ];

    /// <summary>Reads them, in the kernel's order; none where its counters are not understood.</summary>
    public static IEnumerable<GuestInterrupt> Read(GuestKernel kernel, LinuxCpus cpus)
    {
        if (
            kernel.FindSymbol("kstat") is not { } variable
            || LinuxField.Find(kernel.Values, "struct kernel_stat", "softirqs") is not { } counters
        )
            yield break;

        IMemoryReader memory = kernel.Values.Memory;
        foreach ((string name, string description) in s_kinds)
        {
            if (
                kernel.Values.FindEnumerator(name + "_SOFTIRQ") is not { } value
                || !value.TryGetUInt64(out ulong index)
                || index >= (ulong)counters.Size / sizeof(uint)
            )
                continue;

            ulong first = unchecked(variable + (ulong)counters.Offset + (index * sizeof(uint)));
            yield return new GuestInterrupt(
                name,
                [
                    .. cpus.All.Select(cpu =>
                        memory.TryReadUInt32(unchecked(first + cpu.Offset), out uint count) ? count : 0UL
                    ),
                ]
            )
            {
                Description = description,
                IsSoft = true,
            };
        }
    }
}
