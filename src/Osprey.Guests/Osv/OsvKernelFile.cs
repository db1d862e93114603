using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Guests.Programs;
using Osprey.Symbols.Modules;
using Osprey.Target.Memory;

namespace Osprey.Guests.Osv;

/// <summary>
/// The kernel as QEMU was told to boot it: OSv boots a stripped file, and the one with debug info is its neighbour in
/// the folder of the build.
/// </summary>
internal static class OsvKernelFile
{
    /// <summary>The name of the file with debug info.</summary>
    private const string FileName = "loader.elf";

    private static readonly string[] s_sections = [".start32_address", ".tracepoint_patch_sites", ".percpu_workers"];

    /// <summary>Lists files that may be the kernel's, the most likely first.</summary>
    public static IEnumerable<KernelCandidate> List(string? bootFile, IReadOnlyList<string> searchFolders)
    {
        if (bootFile is not null)
        {
            yield return KernelCandidate.Beside(bootFile, FileName);
            yield return new KernelCandidate(bootFile, KernelCandidate.Booted);
        }

        foreach (string folder in searchFolders)
            yield return KernelCandidate.In(folder, FileName, "found from the current folder");
    }

    /// <summary>Looks for the kernel of the guest in the file that QEMU booted, and beside it.</summary>
    /// <param name="bootFile">The file that QEMU booted.</param>
    /// <param name="memory">The guest's memory, which must hold what the file has.</param>
    /// <returns>
    /// The virtual address of the image's first byte; null when neither file is OSv's, or the guest's.
    /// </returns>
    public static ulong? FindKernelAddress(string bootFile, IPhysicalMemory memory)
    {
        foreach (string path in (string[])[bootFile, KernelCandidate.Beside(bootFile, FileName).Path])
        {
            try
            {
                if (!File.Exists(path))
                    continue;

                // Not by ElfImage.Open, which would unpack a Linux kernel.
                using ByteSource source = ByteSource.OpenFile(path);
                if (FindKernelAddress(ElfImage.Parse(source), memory) is { } address)
                    return address;
            }
            catch (Exception exception)
                when (exception is BadDataException or IOException or UnauthorizedAccessException)
            {
                // QEMU's -kernel is often no ELF file at all.
            }
        }

        return null;
    }

    private static ulong? FindKernelAddress(ElfImage file, IPhysicalMemory memory)
    {
        using ElfImage image = file;
        ElfSegment segment = image.Segments.FirstOrDefault(segment =>
            segment.Type == ElfSegmentType.Load && segment.PhysicalLinkAddress == OsvImageHeader.ImageAddress
        );
        if (segment.Type != ElfSegmentType.Load || !IsOsv(image))
            return null;

        var reader = new KernelImageReader(memory, unchecked(segment.LinkAddress - segment.PhysicalLinkAddress));
        return ProgramCheck.Compare(image, LoadBias.None, reader) == ProgramFit.Same ? segment.LinkAddress : null;
    }

    private static bool IsOsv(ElfImage image)
    {
        if (s_sections.Any(name => image.FindSection(name) is not null))
            return true;

        foreach (ElfSegment segment in image.Segments)
        {
            if (segment.Type != ElfSegmentType.Note || segment.FileSize is 0 or > 1 << 16)
                continue;

            byte[] notes = new byte[(int)segment.FileSize];
            if (OsvNote.IsIn(notes.AsSpan(0, image.ReadLoaded(segment.LinkAddress, notes))))
                return true;
        }

        return false;
    }
}
