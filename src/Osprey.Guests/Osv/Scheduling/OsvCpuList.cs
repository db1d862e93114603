using Osprey.Values;

namespace Osprey.Guests.Osv.Scheduling;

/// <summary>The <c>sched::cpu</c> objects of OSv, by number.</summary>
internal static class OsvCpuList
{
    private const int MaxCpus = 1024;

    /// <summary>Gives the CPUs; none when the kernel has no list of them.</summary>
    public static IEnumerable<(int Number, Value Cpu)> Enumerate(GuestKernel kernel) =>
        (kernel.FindVariable("sched::cpus")?.Elements() ?? [])
            .Take(MaxCpus)
            .Select((pointer, number) => (number, pointer.Dereference()));

    /// <summary>Gives the CPUs; those that can't be read are defects of the walk.</summary>
    public static IEnumerable<(int Number, Value Cpu)> Enumerate<T>(GuestKernel kernel, GuestWalk<T> walk)
        where T : class
    {
        int number = 0;
        foreach (Value pointer in walk.Enumerate(kernel.GetVariable("sched::cpus"), "CPUs", MaxCpus))
        {
            if (pointer.AsPointer() is > 0)
                yield return (number, pointer.Dereference());
            else
                walk.AddDefect($"CPU {number} can't be read");

            number++;
        }
    }
}
