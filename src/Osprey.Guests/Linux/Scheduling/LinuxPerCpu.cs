using Osprey.Guests.PerCpu;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Target.Memory;
using Osprey.Values;

namespace Osprey.Guests.Linux.Scheduling;

/// <summary>Finds the copies of Linux's per-CPU variables.</summary>
/// <remarks>
/// A variable that was declared as one lies between <c>__per_cpu_start</c> and <c>__per_cpu_end</c>, where nothing ever
/// reads it: each CPU adds its offset. A pointer to what <c>alloc_percpu</c> gave is used in the same way.
/// </remarks>
internal static class LinuxPerCpu
{
    /// <summary>Finds the copies.</summary>
    /// <exception cref="TargetException">It is no per-CPU variable.</exception>
    public static GuestList<GuestCpuValue> Read(GuestKernel kernel, Value variable, CancellationToken cancellation)
    {
        ulong? start = kernel.FindSymbol("__per_cpu_start");
        ulong? end = kernel.FindSymbol("__per_cpu_end");
        (ulong Place, DebugType? Type) found =
            variable.Address is { } address && address >= start && address < end ? (address, variable.Type)
            : variable.ResolvedType is PointerType pointer
            && variable.AsPointer() is > 0 and var place
            && !IsInImage(kernel, place, start)
                ? (place, pointer.Target)
            : throw NoVariable();

        GuestList<GuestCpuValue> values = GuestWalk<GuestCpuValue>.Read(
            kernel,
            walk =>
            {
                LinuxCpus cpus = LinuxCpus.Read(kernel);
                if (cpus.All.Count == 0)
                    walk.AddDefect("the kernel's CPUs can't be found");

                foreach ((int number, ulong offset) in cpus.All)
                {
                    ulong copy = unchecked(found.Place + offset);
                    if (kernel.Values.Memory.Read(copy, new byte[1]) == 1)
                        walk.Add(new GuestCpuValue(number, kernel.Values.At(found.Type, copy)));
                    else
                        walk.AddDefect($"the copy of CPU {number} at 0x{copy:x} can't be read");
                }
            },
            cancellation
        );
        return values.Items.Count == 0 && values.Defects.Count > 1 ? throw NoVariable() : values;

        TargetException NoVariable() =>
            new(
                TargetProblem.NotUnderstood,
                $"this is no per-CPU variable, nor a pointer to one: its type is {TypeNames.Spell(variable.Type)}"
                    + (variable.Address is { } own ? $", and it is at 0x{own:x}" : "")
            );
    }

    /// <summary>Tells whether an address is one of the kernel's own, outside of the first CPU's variables.</summary>
    /// <remarks>Until 6.14 the variables began at 0; since then, they have addresses in the kernel's image.</remarks>
    private static bool IsInImage(GuestKernel kernel, ulong address, ulong? start) =>
        address >= LinuxDetector.ImageRangeStart
        && !(
            address >= start
            && kernel.FindSymbol("pcpu_unit_size") is { } place
            && kernel.Values.Memory.TryReadUInt32(place, out uint size)
            && address - start < size
        );
}
