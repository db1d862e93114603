using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>The kernel's CPUs: where each has its own variables.</summary>
/// <remarks>
/// A per-CPU variable is at its symbol's address plus an offset of each CPU, which <c>__per_cpu_offset</c> has. That
/// holds for kernels that link these variables from 0 on, and for those since 6.15, which do not.
/// </remarks>
internal sealed class LinuxCpus
{
    private const ulong MaxCpus = 8192;
    private const int BitsOfWord = 64;

    private readonly GuestKernel _kernel;

    private LinuxCpus(GuestKernel kernel, IReadOnlyList<(int Number, ulong Offset)> all)
    {
        _kernel = kernel;
        All = all;
    }

    /// <summary>The CPUs that run, by number, with what is added to the address of a per-CPU variable.</summary>
    public IReadOnlyList<(int Number, ulong Offset)> All { get; }

    /// <summary>Finds the CPUs; none when the kernel's symbols are not known or its CPUs can't be read.</summary>
    /// <param name="kernel">The kernel.</param>
    public static LinuxCpus Read(GuestKernel kernel)
    {
        var cpus = new List<(int, ulong)>();
        if (kernel.FindSymbol("__per_cpu_offset") is { } offsets)
        {
            foreach (int number in ListOnline(kernel))
            {
                if (
                    kernel.Values.Memory.TryReadUInt64(
                        unchecked(offsets + ((ulong)number * sizeof(ulong))),
                        out ulong offset
                    )
                )
                    cpus.Add((number, offset));
            }
        }

        return new LinuxCpus(kernel, cpus);
    }

    /// <summary>Finds a CPU's own copy of a variable; null when the kernel has no such symbol.</summary>
    /// <param name="symbol">The variable's symbol.</param>
    /// <param name="offset">What the CPU adds to its address.</param>
    public ulong? Find(string symbol, ulong offset) =>
        _kernel.FindSymbol(symbol) is { } place ? unchecked(place + offset) : null;

    /// <summary>Lists the numbers of the CPUs that are there, those that are not in use as well.</summary>
    public static IEnumerable<int> ListPresent(GuestKernel kernel) =>
        ListMask(kernel, kernel.FindSymbol("__cpu_present_mask") ?? kernel.FindSymbol("cpu_present_bits"));

    /// <summary>Lists the numbers of the bits in <c>__cpu_online_mask</c>; in old kernels, cpu_online_bits.</summary>
    private static IEnumerable<int> ListOnline(GuestKernel kernel) =>
        ListMask(kernel, kernel.FindSymbol("__cpu_online_mask") ?? kernel.FindSymbol("cpu_online_bits"));

    private static IEnumerable<int> ListMask(GuestKernel kernel, ulong? mask)
    {
        IMemoryReader memory = kernel.Values.Memory;
        ulong count =
            kernel.FindSymbol("nr_cpu_ids") is { } place && memory.TryReadUInt32(place, out uint number)
                ? Math.Min(number, MaxCpus)
                : BitsOfWord;
        if (mask is not { } address)
            yield break;

        for (ulong cpu = 0; cpu < count; cpu += BitsOfWord)
        {
            if (!memory.TryReadUInt64(unchecked(address + (cpu / 8)), out ulong bits))
                yield break;

            for (int bit = 0; bit < BitsOfWord && cpu + (ulong)bit < count; bit++)
            {
                if ((bits >> bit & 1) != 0)
                    yield return (int)cpu + bit;
            }
        }
    }
}
