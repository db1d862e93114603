using Osprey.Binary.Elf;

namespace Osprey.Symbols.Modules;

/// <summary>How far a module runs from where it was linked to. Only here do the two kinds of address meet.</summary>
/// <param name="Value">What is added to a link-time address, modulo 2^64.</param>
public readonly record struct LoadBias(ulong Value)
{
    /// <summary>
    /// Link-time addresses below this one stay as they are: a Linux kernel's per-CPU variables are linked from 0 on, as
    /// offsets that the kernel does not change when it moves itself.
    /// </summary>
    public ulong KeptBelow { get; init; }

    /// <summary>For a module that runs where it was linked to.</summary>
    public static LoadBias None => default;

    /// <summary>
    /// The bias of a file whose first loaded byte is at <paramref name="baseAddress"/>. A file of type
    /// "executable" can't be moved, and a base of 0 says so as OSv's own list does.
    /// </summary>
    public static LoadBias FromBase(ElfImage image, ulong baseAddress)
    {
        if (image.Type == ElfType.Executable && baseAddress == 0)
            return None;

        // A base is the start of a page, the first segment need not be.
        const ulong PageMask = 0xfff;
        return new LoadBias(unchecked(baseAddress - (image.LowestLinkAddress & ~PageMask)));
    }

    /// <summary>Run-time address of a file's first byte that is where it was loaded.</summary>
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

    /// <summary>Where a run-time address was linked to.</summary>
    public ulong ToLinkAddress(ulong address) => address < KeptBelow ? address : unchecked(address - Value);

    /// <summary>Where a link-time address is at run time.</summary>
    public ulong ToAddress(ulong linkAddress) => linkAddress < KeptBelow ? linkAddress : unchecked(linkAddress + Value);
}
