using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>Makes physical memory of a core's segments: by p_paddr only, each byte once.</summary>
/// <remarks>
/// QEMU writes p_vaddr 0 or the physical address where it does not know better. Asked for virtual addresses too
/// (<c>paging</c>), it names the same bytes of the file in many segments, and writes size 0 or offset -1 for what is
/// not RAM.
/// </remarks>
internal static class CoreSegments
{
    private const ulong Nowhere = ulong.MaxValue;

    /// <summary>
    /// Tells whether these are the segments of a process: places in virtual memory and none in physical memory.
    /// </summary>
    public static bool HavePhysicalAddresses(IReadOnlyList<ElfSegment> segments)
    {
        bool anyVirtual = false;
        int atZero = 0;
        foreach (ElfSegment segment in segments)
        {
            if (segment.Type != ElfSegmentType.Load)
                continue;

            if (segment.PhysicalLinkAddress is not (0 or Nowhere))
                return true;

            anyVirtual |= segment.LinkAddress != 0;
            atZero += segment.FileSize != 0 ? 1 : 0;
        }

        return !anyVirtual && atZero <= 1;
    }

    /// <summary>Builds the memory; what the user should know of it is added to <paramref name="notes"/>.</summary>
    public static SegmentedMemory Build(ByteSource source, IReadOnlyList<ElfSegment> segments, List<string> notes)
    {
        var usable = new List<ElfSegment>();
        ulong missing = 0;
        foreach (ElfSegment segment in segments)
        {
            if (
                segment.Type != ElfSegmentType.Load
                || segment.PhysicalLinkAddress == Nowhere
                || segment.Offset == Nowhere
            )
                continue;

            ulong size = Math.Min(segment.FileSize, ulong.MaxValue - segment.PhysicalLinkAddress);
            ulong have = (ulong)source.Length - Math.Min(segment.Offset, (ulong)source.Length);
            missing = unchecked(missing + size - Math.Min(size, have));
            if (Math.Min(size, have) != 0)
                usable.Add(segment with { FileSize = Math.Min(size, have) });
        }

        if (missing != 0)
            notes.Add($"{source.Name} is cut short: {missing} bytes that it declares are missing");

        return new SegmentedMemory(Flatten(source, usable));
    }

    /// <summary>Sorts by physical address and cuts off what an earlier segment has already.</summary>
    private static List<MemorySegment> Flatten(ByteSource source, List<ElfSegment> segments)
    {
        var byAddress = segments
            .OrderBy(segment => segment.PhysicalLinkAddress)
            .ThenByDescending(segment => segment.FileSize);
        var flat = new List<MemorySegment>();
        ulong end = 0;
        foreach (ElfSegment segment in byAddress)
        {
            ulong start = Math.Max(segment.PhysicalLinkAddress, end);
            ulong segmentEnd = segment.PhysicalLinkAddress + segment.FileSize;
            if (start >= segmentEnd)
                continue;

            long offset = (long)(segment.Offset + (start - segment.PhysicalLinkAddress));
            end = segmentEnd;
            if (
                flat.Count > 0
                && flat[^1] is { } last
                && last.Block.End.Value == start
                && last.Offset + (long)last.Block.Size == offset
            )
                flat[^1] = last with { Block = last.Block with { Size = segmentEnd - last.Block.Start.Value } };
            else
                flat.Add(
                    new MemorySegment(
                        new MemoryBlock(new PhysicalAddress(start), segmentEnd - start, MemoryBlockKind.Unknown, ""),
                        source,
                        offset
                    )
                );
        }

        return flat;
    }
}
