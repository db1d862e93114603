namespace Osprey.Binary.Elf;

/// <summary>The link-time addresses at which a file has code.</summary>
/// <remarks>
/// A linker that removes a function (<c>--gc-sections</c>, folded templates) leaves its debug info behind, with the
/// address 0 or 1 in the place of the function's own. In a program that is linked low, which every position
/// independent one is, such a range reaches into the code of live functions. Debug info about code is therefore
/// believed only where the range starts in a section of code.
/// </remarks>
internal sealed class CodeMap
{
    private readonly ulong[] _starts;
    private readonly ulong[] _ends;

    private CodeMap(ulong[] starts, ulong[] ends)
    {
        _starts = starts;
        _ends = ends;
    }

    /// <summary>The map of a file whose layout says nothing: there may be code everywhere.</summary>
    public static CodeMap Everywhere { get; } = new([0], [ulong.MaxValue]);

    /// <summary>
    /// The code of a file: its executable sections, or its executable segments when it was stripped of sections.
    /// <see cref="Everywhere"/> when it has neither.
    /// </summary>
    public static CodeMap FromImage(ElfImage image)
    {
        const ElfSectionFlags Code = ElfSectionFlags.Allocated | ElfSectionFlags.Executable;
        var ranges = new List<(ulong Start, ulong End)>();
        foreach (ElfSection section in image.Sections)
        {
            if ((section.Flags & Code) == Code)
                ranges.Add((section.LinkAddress, GetEnd(section.LinkAddress, section.Size)));
        }

        if (ranges.Count == 0)
        {
            foreach (ElfSegment segment in image.Segments)
            {
                if (segment.Type == ElfSegmentType.Load && (segment.Flags & ElfSegment.Executable) != 0)
                    ranges.Add((segment.LinkAddress, GetEnd(segment.LinkAddress, segment.MemorySize)));
            }
        }

        if (ranges.Count == 0)
            return Everywhere;

        ranges.Sort();
        return new CodeMap([.. ranges.Select(range => range.Start)], [.. ranges.Select(range => range.End)]);
    }

    /// <summary>True when there is code at a link-time address, or may be.</summary>
    public bool Contains(ulong linkAddress)
    {
        int index = BinarySearch.FindLastNotAbove(_starts, linkAddress);
        return index >= 0 && linkAddress < _ends[index];
    }

    private static ulong GetEnd(ulong start, ulong size) =>
        size > ulong.MaxValue - start ? ulong.MaxValue : start + size;
}
