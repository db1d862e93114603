using Osprey.Guests.Linux.PageTables;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>
/// Recognises a Linux kernel of x86-64: its image is mapped somewhere in the top 2 GiB, where it was shifted to at
/// random, and holds the banner that <c>/proc/version</c> shows. Needs the page tables of a vCPU; where no registers
/// can be read, any that are found in RAM.
/// </summary>
internal static class LinuxDetector
{
    /// <summary>Start of the range for the kernel's image: <c>__START_KERNEL_map</c>.</summary>
    public const ulong ImageRangeStart = 0xffff_ffff_8000_0000;

    private const ulong ImageRangeSize = 1UL << 30;
    private const ulong Step = 2 << 20; // the image starts at a multiple of 2 MiB
    private const long MaxImageSize = 64 << 20;

    private static readonly GuestSign[] s_signs =
    [
        new("image", "image mapped in the kernel's range"),
        new("banner", "banner"),
    ];

    /// <summary>Recognises Linux.</summary>
    /// <returns>Null when it is not Linux, or no page tables are found that map its kernel.</returns>
    public static GuestIdentity? Detect(GuestMachine machine)
    {
        if (machine.TryGetSpace() is { } space)
            return Find(PageTableIsolation.GetKernelSpace(space).Memory);

        // What the user names is what counts, and is not there.
        if (
            !machine.IsSearchable
            || machine.Program is not null
            || machine.Cpu is not null
            || machine.PageTableRoot is not null
        )
            return null;

        var search = new KernelPageTableSearch(machine.Memory);
        foreach (AddressSpace candidate in search.ListCandidates())
        {
            if (Find(candidate.Memory) is { } found)
            {
                machine.Adopt(search.FindOwn(candidate, found.KernelPhysicalAddress));
                return found;
            }
        }

        return null;
    }

    /// <summary>Looks for the kernel in its range; null when it is not there.</summary>
    private static GuestIdentity? Find(VirtualMemory memory)
    {
        for (ulong offset = 0; offset < ImageRangeSize; offset += Step)
        {
            ulong start = ImageRangeStart + offset;
            if (!memory.TryTranslate(start, out PhysicalAddress physical))
                continue;

            string? banner = KernelImageText.Find(
                (at, buffer) => memory.Read(start + (ulong)at, buffer),
                MaxImageSize,
                "Linux version "u8,
                text => text.Length > 0 && char.IsAsciiDigit(text[0])
            );
            return banner is null
                ? null
                : new GuestIdentity(LinuxGuest.Name, banner.Split(' ')[0], start, physical, s_signs);
        }

        return null;
    }
}
