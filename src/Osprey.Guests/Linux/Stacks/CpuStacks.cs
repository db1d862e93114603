using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Stacks;

/// <summary>The stacks of each CPU beside those of tasks: for interrupts, and for exceptions and entries.</summary>
internal static class CpuStacks
{
    // The stacks for exceptions and entries are in the CPUs' entry areas, whose place is fixed.
    private const ulong EntryAreas = 0xffff_fe00_0000_0000;
    private const ulong EntryAreasEnd = 0xffff_fe80_0000_0000;

    // The stack for interrupts has 16 KiB, and 32 in a kernel that checks its memory (KASAN).
    private const ulong InterruptStackSize = 32 << 10;

    /// <summary>
    /// Tells whether a place in the kernel's memory may be on a stack of a CPU; true, too, where these are not known.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="pointer">The place.</param>
    /// <param name="number">The CPU's number; null for any.</param>
    public static bool MayHave(GuestKernel kernel, ulong pointer, int? number)
    {
        if (pointer is >= EntryAreas and < EntryAreasEnd)
            return true;

        LinuxCpus cpus = LinuxCpus.Read(kernel);
        bool isKnown = false;
        foreach ((int cpu, ulong offset) in cpus.All)
        {
            if (number is { } wanted && cpu != wanted)
                continue;

            if (FindInterruptStack(kernel, cpus, offset) is not { } top)
                continue;

            isKnown = true;
            if (unchecked(top - pointer) <= InterruptStackSize)
                return true;
        }

        return !isKnown;
    }

    /// <summary>
    /// The end of a CPU's stack for interrupts. The pointer to it has had a variable of its own, before 5.8 of another
    /// name, and was a part of pcpu_hot from 6.2 to 6.14.
    /// </summary>
    private static ulong? FindInterruptStack(GuestKernel kernel, LinuxCpus cpus, ulong offset)
    {
        ulong? place = cpus.Find("hardirq_stack_ptr", offset) ?? cpus.Find("irq_stack_ptr", offset);
        if (
            place is null
            && cpus.Find("pcpu_hot", offset) is { } hot
            && LinuxField.Find(kernel.Values, "struct pcpu_hot", "hardirq_stack_ptr") is { } field
        )
            place = unchecked(hot + (uint)field.Offset);

        return place is { } found && kernel.Values.Memory.TryReadUInt64(found, out ulong top) && top != 0 ? top : null;
    }
}
