using Osprey.Guests.Failures;
using Osprey.Target;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Linux.Failures;

// panic() (kernel/panic.c) writes the number of its CPU into panic_cpu, which is -1 before (since 4.5). A second CPU
// that wants to panic sees that and spins in panic_smp_self_stop(). The first one stops all others by an interrupt,
// whose handler ends in stop_this_cpu(), writes its message, and spins, restarts or halts, still in panic(): the
// function, or vpanic() since 6.15, is on its stack. An error in the kernel (oops) ends the task that it happened in
// and sets TAINT_DIE in tainted_mask; the kernel panics then only if it has to or was told to (panic_on_oops). What was
// said stands in the log, even if no console has shown it.

/// <summary>The end of a Linux kernel, as <c>panic</c> leaves it, and errors that it went on after.</summary>
internal static class LinuxPanic
{
    private const uint NoCpu = uint.MaxValue; // PANIC_CPU_INVALID
    private const int DeadBit = 7; // TAINT_DIE

    private static readonly Dictionary<string, GuestCpuActivity> s_activities = new()
    {
        ["panic"] = GuestCpuActivity.Fails,
        ["vpanic"] = GuestCpuActivity.Fails,
        ["panic_smp_self_stop"] = GuestCpuActivity.FailsToo,
        ["nmi_panic_self_stop"] = GuestCpuActivity.FailsToo,
        ["stop_this_cpu"] = GuestCpuActivity.IsStopped,
        ["crash_nmi_callback"] = GuestCpuActivity.IsStopped,
        ["machine_halt"] = GuestCpuActivity.Halts,
        ["native_machine_halt"] = GuestCpuActivity.Halts,
        ["machine_power_off"] = GuestCpuActivity.Halts,
        ["native_machine_power_off"] = GuestCpuActivity.Halts,
        ["do_idle"] = GuestCpuActivity.Idles,
    };

    /// <summary>Reads whether the kernel panicked or met an error; null when neither is known.</summary>
    /// <exception cref="TargetException">The kernel's symbols are not known, or it can't be read.</exception>
    public static GuestFailure? Read(GuestKernel kernel)
    {
        ulong? place = LinuxVariables.FindAddress(kernel, "panic_cpu");
        IMemoryReader memory = kernel.Values.Memory;
        uint cpu = NoCpu;
        if (place is { } address && !memory.TryReadUInt32(address, out cpu))
            throw new TargetException(TargetProblem.NotUnderstood, "the kernel's panic_cpu can't be read");

        bool hasDied =
            kernel.FindSymbol("tainted_mask") is { } mask
            && memory.TryReadUInt64(mask, out ulong taints)
            && (taints >> DeadBit & 1) != 0;
        if (cpu == NoCpu && !hasDied && place is not null)
            return null;

        // A kernel before 4.5 has no such variable: its log alone tells.
        KernelReport? report = KernelReport.TryRead(kernel);
        bool isFatal = place is null ? report is { IsPanic: true } : cpu != NoCpu;
        return isFatal || hasDied
            ? new GuestFailure(report is { } found && found.IsPanic == isFatal ? found.Message : null)
            {
                IsFatal = isFatal,
                Report = report?.Lines ?? [],
            }
            : null;
    }

    /// <summary>Tells what a CPU does by its stack.</summary>
    public static GuestCpuActivity FindActivity(IReadOnlyList<BacktraceRow> stack)
    {
        GuestCpuActivity found = GuestCpuActivity.Runs;
        foreach (BacktraceRow row in stack)
        {
            if (row.Function is not { } function || !s_activities.TryGetValue(function, out GuestCpuActivity activity))
                continue;

            // A CPU that panics may halt in the end, and one that does nothing may be stopped.
            if (found == GuestCpuActivity.Runs || activity == GuestCpuActivity.Fails)
                found = found == GuestCpuActivity.FailsToo ? found : activity;
        }

        return found;
    }
}
