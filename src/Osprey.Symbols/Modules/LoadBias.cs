using Osprey.Binary.Elf;

namespace Osprey.Symbols.Modules;

/// <summary>
/// The distance between a module's run-time and link-time addresses. Only this type converts between the two.
/// </summary>
/// <param name="Value">The number that is added to a link-time address, modulo 2^64.</param>
public readonly record struct LoadBias(ulong Value)
{
    /// <summary>
    /// Link-time addresses below this one are the same at run time. A Linux kernel's per-CPU variables are linked from
    /// 0 on, as offsets that the kernel does not change when it moves itself.
    /// </summary>
    public ulong KeptBelow { get; init; }

    /// <summary>The bias of a module that runs where it was linked to.</summary>
    public static LoadBias None => default;

    /// <summary>
    /// Returns the bias of a file whose first loaded byte is at <paramref name="baseAddress"/>. A file of type
    /// "executable" can't be moved; for it a base of 0 means no bias, as in OSv's own list of modules.
    /// </summary>
    public static LoadBias FromBase(ElfImage image, ulong baseAddress)
    {
        if (image.Type == ElfType.Executable && baseAddress == 0)
            return None;

        // A base is the start of a page; the first segment need not be.
        const ulong PageMask = 0xfff;
        return new LoadBias(unchecked(baseAddress - (image.LowestLinkAddress & ~PageMask)));
    }

    /// <summary>
    /// Returns the run-time address of a file's first byte, not counting the addresses that are not moved.
    /// </summary>
    public ulong GetStart(ElfImage image)
    {
        ulong lowest = ulong.MaxValue;
        foreach (ElfSegment segment in image.Segments)
        {
            if (segment.Type == ElfSegmentType.Load && segment.LinkAddress >= KeptBelow)
                lowest = Math.Min(lowest, segment.LinkAddress);
        }

        return ToAddress(KeptBelow == 0 || lowest == ulong.MaxValue ? image.LowestLinkAddress : lowest);
    }

    /// <summary>Converts a run-time address to the link-time one.</summary>
    public ulong ToLinkAddress(ulong address) => address < KeptBelow ? address : unchecked(address - Value);

    /// <summary>Converts a link-time address to the run-time one.</summary>
    public ulong ToAddress(ulong linkAddress) => linkAddress < KeptBelow ? linkAddress : unchecked(linkAddress + Value);
}
