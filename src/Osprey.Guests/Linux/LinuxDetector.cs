using Osprey.Guests.Linux.PageTables;
using Osprey.Target.Architectures.X64;
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
    private const int MaxLooks = 3;

    private static readonly GuestSign[] s_signs =
    [
        new("image", "image mapped in the kernel's range"),
        new("banner", "banner"),
    ];

    /// <summary>Recognises Linux.</summary>
    /// <returns>Null when it is not Linux, or no page tables are found that map its kernel.</returns>
    public static GuestIdentity? Detect(GuestMachine machine)
    {
        for (int look = 1; machine.TryGetSpace() is { } space; look++)
        {
            // A program that ends meanwhile takes its page tables with it. The vCPU is in others then. Through a gdb
            // stub the guest stands still.
            GuestIdentity? found = Find(PageTableIsolation.GetKernelSpace(space));
            if (found is not null || look == MaxLooks || !machine.IsSearchable)
                return found;

            machine.Forget();
        }

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
            if (Find(candidate) is { } found)
            {
                machine.Adopt(search.FindOwn(candidate, found.KernelPhysicalAddress));
                return found;
            }
        }

        return null;
    }

    /// <summary>
    /// Finds the kernel's read-only data, which begins a large page that is no code, behind the code: a third of the
    /// image, with all that is searched for in it.
    /// </summary>
    /// <param name="space">The kernel's address space.</param>
    /// <param name="image">The image's first byte.</param>
    /// <returns>The image's first byte where no such page is found, as before the kernel protects its code.</returns>
    public static ulong FindReadOnlyData(AddressSpace space, ulong image)
    {
        for (ulong offset = Step; offset < MaxImageSize; offset += Step)
        {
            PageWalk walk = space.Walker.Walk(image + offset);
            if (walk.Translation is not null && (walk.Permissions & PagePermissions.Execute) == 0)
                return image + offset;
        }

        return image;
    }

    /// <summary>Looks for the kernel in its range; null when it is not there.</summary>
    private static GuestIdentity? Find(AddressSpace space)
    {
        for (ulong offset = 0; offset < ImageRangeSize; offset += Step)
        {
            ulong start = ImageRangeStart + offset;
            if (!space.Memory.TryTranslate(start, out PhysicalAddress physical))
                continue;

            ulong data = FindReadOnlyData(space, start);
            string? banner =
                FindBanner(space.Memory, data, MaxImageSize - (long)(data - start))
                ?? (data == start ? null : FindBanner(space.Memory, start, (long)(data - start)));
            return banner is null
                ? null
                : new GuestIdentity(LinuxGuest.Name, banner.Split(' ')[0], start, physical, s_signs);
        }

        return null;
    }

    private static string? FindBanner(VirtualMemory memory, ulong start, long size) =>
        KernelImageText.Find(
            (at, buffer) => memory.Read(start + (ulong)at, buffer),
            size,
            "Linux version "u8,
            text => text.Length > 0 && char.IsAsciiDigit(text[0])
        );
}
