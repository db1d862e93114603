using Osprey.Target.Memory;

namespace Osprey.Target.Execution;

/// <summary>Keeps writes away from all that is not RAM: devices would act on them, and ROM would drop them.</summary>
internal static class RamCheck
{
    /// <summary>Makes sure that all of a range is RAM.</summary>
    /// <exception cref="TargetException">Not all of it is.</exception>
    public static void Require(IPhysicalMemory memory, PhysicalAddress address, int size)
    {
        ulong at = address.Value;
        ulong left = (ulong)size;
        foreach (MemoryBlock block in memory.Blocks)
        {
            if (left == 0)
                return;

            if (block.Kind != MemoryBlockKind.Ram || at < block.Start.Value || at - block.Start.Value >= block.Size)
                continue;

            ulong inside = Math.Min(left, block.Size - (at - block.Start.Value));
            at = unchecked(at + inside);
            left -= inside;
        }

        if (left != 0)
            throw new TargetException(
                TargetProblem.NotRam,
                $"{size} bytes at physical {address} can't be written: not all of them are RAM"
            );
    }
}
