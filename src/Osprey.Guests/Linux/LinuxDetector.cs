using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>
/// Recognises a Linux kernel of x86-64: its image is mapped in the top 2 GiB, where it was shifted to at random, and
/// holds the banner that <c>/proc/version</c> shows. Needs the page tables of a vCPU.
/// </summary>
public static class LinuxDetector
{
    /// <summary>Where the range for the kernel's image begins: <c>__START_KERNEL_map</c>.</summary>
    public const ulong ImageRangeStart = 0xffff_ffff_8000_0000;

    private const ulong ImageRangeSize = 1UL << 30;
    private const ulong Step = 2 << 20; // the image starts at a multiple of 2 MiB
    private const long MaxImageSize = 64 << 20;

    /// <summary>
    /// What is known of the guest; null when it is not Linux, or these page tables do not map its kernel.
    /// </summary>
    /// <param name="memory">The guest's memory through the page tables of one vCPU.</param>
    /// <param name="translate">Gives the physical address of a virtual one; null where nothing is mapped.</param>
    public static GuestIdentity? Detect(IMemoryReader memory, Func<ulong, PhysicalAddress?> translate)
    {
        for (ulong offset = 0; offset < ImageRangeSize; offset += Step)
        {
            ulong start = ImageRangeStart + offset;
            if (translate(start) is not { } physical)
                continue;

            string? banner = KernelImageText.Find(
                (at, buffer) => memory.Read(start + (ulong)at, buffer),
                MaxImageSize,
                "Linux version "u8,
                text => text.Length > 0 && char.IsAsciiDigit(text[0])
            );
            return banner is null ? null : new GuestIdentity(GuestKind.Linux, banner.Split(' ')[0], start, physical);
        }

        return null;
    }
}
