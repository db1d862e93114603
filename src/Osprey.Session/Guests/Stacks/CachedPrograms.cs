using System.Globalization;
using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Guests.Processes;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests.Stacks;

/// <summary>
/// Opens programs and libraries of a process out of the guest's memory: by the pages of the file that the guest keeps
/// (its page cache), and those that the process has mapped.
/// </summary>
/// <remarks>
/// A file that is in memory as a whole, as all of an initramfs or a tmpfs are, is read like any other. Of one on a disk
/// there are the pages that somebody used; its section headers, at its end, are seldom among them. Then it is read as
/// the dynamic linker does, by its segments: call frame information by <c>PT_GNU_EH_FRAME</c>, symbols by
/// <c>PT_DYNAMIC</c>.
/// </remarks>
/// <param name="maps">The mappings of the process.</param>
/// <param name="memory">Its memory.</param>
/// <param name="openFile">Opens the file of a mapping; null when the guest's cache is not understood.</param>
internal sealed class CachedPrograms(
    IReadOnlyList<GuestProcessMapping> maps,
    IMemoryReader memory,
    Func<GuestProcessMapping, IGuestFile?> openFile
)
{
    private const int PageSize = 4096;

    /// <summary>Most bytes of a file that is looked for as a whole.</summary>
    private const long MaxWhole = 256 << 20;

    private readonly List<GuestFileSource> _files = [];

    /// <summary>What is missing in the files, in words.</summary>
    public IEnumerable<string> Notes =>
        _files
            .Where(file => file.MissingPages > 0)
            .Select(file =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file.Name} is read out of the guest's memory: {file.MissingPages} of the pages that were "
                        + $"looked for are neither in the process nor in the page cache"
                )
            );

    /// <summary>Opens the file of a mapping.</summary>
    /// <param name="code">The mapping.</param>
    /// <param name="limits">Bounds on what the file may declare.</param>
    /// <returns>Null when nothing of the file is in memory.</returns>
    /// <exception cref="BadDataException">It is no ELF file, or malformed.</exception>
    public ElfImage? TryOpen(GuestProcessMapping code, ParseLimits limits)
    {
        IGuestFile? cached = openFile(code);
        GuestProcessMapping[] own =
        [
            .. maps.Where(item => item.Inode == code.Inode && item.Device == code.Device && item.Path == code.Path),
        ];
        ulong size = cached?.Size ?? own.Max(item => item.Offset + item.Size);
        if (size > long.MaxValue)
            return null;

        var file = new GuestFileSource(
            code.Path!,
            (long)size,
            (index, page) => cached?.TryReadPage(index, page) == true || TryReadMapped(own, index, page)
        );
        if (!file.Has(0, 1))
            return null;

        if (file.Length > MaxWhole || !file.Has(0, file.Length))
            file.HideSections();

        _files.Add(file);
        return ElfImage.Parse(file, limits);
    }

    /// <summary>
    /// Reads a page that the process has mapped. Of memory that may be written to, nobody knows whether it is still as
    /// in the file.
    /// </summary>
    private bool TryReadMapped(GuestProcessMapping[] own, ulong index, byte[] page)
    {
        ulong offset = unchecked(index * PageSize);
        return own.FirstOrDefault(item =>
                item.Offset <= offset
                && offset - item.Offset < item.Size
                && (item.Permissions & PagePermissions.Write) == 0
            )
                is { } mapping
            && memory.TryRead(mapping.Start + (offset - mapping.Offset), page);
    }
}
