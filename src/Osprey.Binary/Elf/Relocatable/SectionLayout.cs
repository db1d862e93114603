namespace Osprey.Binary.Elf.Relocatable;

// Places for the sections of a relocatable file. An object file or a Linux kernel module has sections, but no
// addresses:
// all of them start at 0, so that the same number means a function in one section and a variable in another. Symbols
// and
// debug info count from the starts of sections. This class gives each section that is loaded an address of its own. All
// else follows from that: symbols and debug info are relocated to those addresses, as a linker would do, and the rest
// of
// this program sees a file that was linked to 0.
//
// * The first code section is at 0, so that offsets in .text are addresses, as for addr2line and gdb; and so that the
//   base of a loaded module is all that must be known.
// * A Linux kernel module's sections are placed as the kernel places them (kernel/module/main.c, layout_sections):
//   code,
//   then data that is only read, then data that is read-only after the start, then all other data, each from a new page
//   on; within those in the order of the file. Sections that are dropped after the start (.init*) come last, since they
//   are in memory of their own. From Linux 6.4 on, the kinds are in separate pieces of memory; then only the code is
//   where its base says.
// * Three sections have no place: per-CPU data is copied elsewhere, .modinfo and __versions are not kept. Symbols there
//   are taken for undefined ones.
// * Other files' sections are placed in the order of the file.
// * Addresses in section headers are ignored: some kernel modules have one for .data, which a linker's script left
//   there.
//   Symbols count from the section's start all the same.

/// <summary>Gives the sections of a relocatable file addresses.</summary>
internal static class SectionLayout
{
    /// <summary>The address of a section without a place.</summary>
    public const ulong Nowhere = ulong.MaxValue;

    /// <summary>The number of kinds of a module's sections that have a place.</summary>
    private const int ModuleKinds = 5;

    private const ulong PageSize = 0x1000;
    private const ulong MaxAlignment = 1UL << 30;

    /// <summary>Returns the address of each section: 0 for those that are not loaded.</summary>
    /// <exception cref="BadDataException">The sections are larger than an address space.</exception>
    public static ulong[] Place(IReadOnlyList<ElfSection> sections, string source)
    {
        ulong[] addresses = new ulong[sections.Count];
        bool isModule = false;
        foreach (ElfSection section in sections)
            isModule |= section.Name == ".gnu.linkonce.this_module";

        // Address 0 means "removed" in the debug info of data.
        bool hasCode = false;
        foreach (ElfSection section in sections)
            hasCode |= IsLoaded(section) && section.Size > 0 && IsCode(section);

        ulong next = hasCode ? 0 : PageSize;
        int kinds = isModule ? ModuleKinds : 1;
        for (int kind = 0; kind < kinds; kind++)
        {
            foreach (ElfSection section in sections)
            {
                if (!IsLoaded(section) || (isModule && GetModuleKind(section) != kind))
                    continue;

                addresses[section.Index] = next = Align(next, section.Alignment, source);
                if (section.Size > long.MaxValue || next > long.MaxValue - section.Size)
                    throw new BadDataException(source, 0, $"section {section.Name} of 0x{section.Size:x} bytes");

                next += section.Size;
            }

            if (isModule)
                next = Align(next, PageSize, source);
        }

        if (isModule)
        {
            foreach (ElfSection section in sections)
            {
                if (IsLoaded(section) && GetModuleKind(section) == ModuleKinds)
                    addresses[section.Index] = Nowhere;
            }
        }

        PlaceDebugInfo(sections, addresses);
        return addresses;
    }

    /// <summary>
    /// Gives debug sections of the same name offsets behind each other: compilers put each type unit into a section of
    /// its own. What refers to one by its section then counts from the start of all of them.
    /// </summary>
    private static void PlaceDebugInfo(IReadOnlyList<ElfSection> sections, ulong[] addresses)
    {
        var ends = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (ElfSection section in sections)
        {
            if (IsLoaded(section) || !section.Name.StartsWith(".debug_", StringComparison.Ordinal))
                continue;

            ulong start = ends.GetValueOrDefault(section.Name);
            addresses[section.Index] = start;
            ends[section.Name] = unchecked(start + section.Size);
        }
    }

    /// <summary>Returns the segments that a linker would make of sections: one for each.</summary>
    public static ElfSegment[] GetSegments(IReadOnlyList<ElfSection> sections)
    {
        var segments = new List<ElfSegment>();
        foreach (ElfSection section in sections)
        {
            if (!IsLoaded(section) || section.Size == 0 || section.LinkAddress == Nowhere)
                continue;

            uint flags = 4u | (IsCode(section) ? ElfSegment.Executable : 0) | (IsWritable(section) ? 2u : 0);
            segments.Add(
                new ElfSegment(
                    ElfSegmentType.Load,
                    flags,
                    section.Offset,
                    section.LinkAddress,
                    section.LinkAddress,
                    section.Type == ElfSectionType.NoBits ? 0 : section.Size,
                    section.Size,
                    section.Alignment
                )
            );
        }

        return [.. segments];
    }

    private static int GetModuleKind(ElfSection section)
    {
        if (
            section.Name is ".modinfo" or "__versions"
            || section.Name.StartsWith(".data..percpu", StringComparison.Ordinal)
        )
            return ModuleKinds;

        return section.Name.StartsWith(".init", StringComparison.Ordinal) ? 4
            : IsCode(section) ? 0
            : section.Name is ".data..ro_after_init" or "__jump_table" ? 2
            : IsWritable(section) ? 3
            : 1;
    }

    private static bool IsLoaded(ElfSection section) => (section.Flags & ElfSectionFlags.Allocated) != 0;

    private static bool IsCode(ElfSection section) => (section.Flags & ElfSectionFlags.Executable) != 0;

    private static bool IsWritable(ElfSection section) => (section.Flags & ElfSectionFlags.Write) != 0;

    private static ulong Align(ulong address, ulong alignment, string source)
    {
        if (alignment <= 1)
            return address;

        if (alignment > MaxAlignment || !ulong.IsPow2(alignment))
            throw new BadDataException(source, 0, $"a section aligned to {alignment}");

        return (address + alignment - 1) & ~(alignment - 1);
    }
}
