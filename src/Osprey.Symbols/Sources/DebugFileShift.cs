using Osprey.Binary.Elf;

namespace Osprey.Symbols.Sources;

/// <summary>
/// The distance between a program's link-time addresses and those in its debug file. It is 0 unless the program was
/// moved after its debug info was split off: prelink does that, and so does a second link.
/// </summary>
internal static class DebugFileShift
{
    /// <summary>Finds the number to add to the debug file's addresses, modulo 2^64.</summary>
    /// <returns>Null when the two were laid out differently, so that no single number is right.</returns>
    public static ulong? Find(ElfImage program, ElfImage debug)
    {
        const ElfSectionFlags Code = ElfSectionFlags.Allocated | ElfSectionFlags.Executable;
        ulong? shift = null;
        foreach (ElfSection section in program.Sections)
        {
            if (
                (section.Flags & Code) != Code
                || debug.FindSection(section.Name) is not { } other
                || (other.Flags & Code) != Code
                || section.Size != other.Size
                || !IsOnlyOne(program, section)
            )
                continue;

            ulong distance = unchecked(section.LinkAddress - other.LinkAddress);
            if (shift is { } known && known != distance)
                return null;

            shift = distance;
        }

        return shift ?? FromSegments(program, debug);
    }

    /// <summary>
    /// True when no other section has the name. In object files several have, and the debug file can have others.
    /// </summary>
    private static bool IsOnlyOne(ElfImage image, ElfSection section)
    {
        foreach (ElfSection other in image.Sections)
        {
            if (other != section && other.Name == section.Name)
                return false;
        }

        return true;
    }

    private static ulong FromSegments(ElfImage program, ElfImage debug)
    {
        bool isLoaded = HasLoaded(program) && HasLoaded(debug);
        return isLoaded ? unchecked(program.LowestLinkAddress - debug.LowestLinkAddress) : 0;
    }

    private static bool HasLoaded(ElfImage image)
    {
        foreach (ElfSegment segment in image.Segments)
        {
            if (segment.Type == ElfSegmentType.Load && segment.MemorySize != 0)
                return true;
        }

        return false;
    }
}
