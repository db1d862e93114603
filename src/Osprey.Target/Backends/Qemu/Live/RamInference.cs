using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Qemu.Live;

/// <summary>
/// Finds a guest's RAM when nobody can ask QEMU: what its machine type does with the memory it is given, found again
/// as a mapping of that size. PCs keep the range below 4 GiB free for devices and go on with RAM behind it.
/// </summary>
internal static class RamInference
{
    private const ulong GiB = 1UL << 30;
    private const ulong FourGiB = 4 * GiB;

    /// <summary>The ranges of RAM.</summary>
    /// <returns>Empty when the machine is not known or no mapping has the size.</returns>
    public static IReadOnlyList<RamRange> Infer(QemuCommandLine commandLine, IReadOnlyList<ProcessMapping> mappings)
    {
        if (
            commandLine.MemorySize is not { } size
            || FindBlock(mappings, size) is not { } start
            || GetLowSize(commandLine.Machine, size) is not { } low
        )
            return [];

        // What the firmware shadows below 1 MiB is RAM as well, only perhaps not what the guest sees there.
        var ranges = new List<RamRange>
        {
            new(new MemoryBlock(new PhysicalAddress(0), Math.Min(size, low), MemoryBlockKind.Ram, "ram"), start),
        };
        if (size > low)
            ranges.Add(
                new RamRange(
                    new MemoryBlock(new PhysicalAddress(FourGiB), size - low, MemoryBlockKind.Ram, "ram"),
                    start + low
                )
            );

        return ranges;
    }

    /// <summary>The size of the RAM below 4 GiB.</summary>
    private static ulong? GetLowSize(string? machine, ulong size)
    {
        if (machine is null or "pc" || machine.StartsWith("pc-i440fx", StringComparison.Ordinal))
            return size >= 0xe000_0000 ? 3 * GiB : 0xe000_0000;

        if (machine is "q35" || machine.StartsWith("pc-q35", StringComparison.Ordinal))
            return size >= 0xb000_0000 ? 2 * GiB : 0xb000_0000;

        return machine is "microvm" ? 3 * GiB : null;
    }

    /// <summary>
    /// QEMU's allocations are aligned and may have a guard page; the kernel may join a mapping with its neighbour.
    /// </summary>
    private static ulong? FindBlock(IReadOnlyList<ProcessMapping> mappings, ulong size) =>
        mappings.FirstOrDefault(row => row.IsWritable && row.End - row.Start == size)?.Start
        ?? mappings
            .Where(row =>
                row.IsWritable
                && row.End - row.Start > size
                && row.End - row.Start < size + (size / 8)
                && row.Start % (2 << 20) == 0
            )
            .MinBy(row => row.End - row.Start)
            ?.Start;
}
