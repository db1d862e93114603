namespace Osprey.Target.Architectures.X64;

/// <summary>
/// The page tables of one mode: how many levels, and what an entry's bits mean. Levels count from 0, the lowest.
/// </summary>
internal sealed class PageTableFormat
{
    private const ulong Present = (ulong)PageTableEntryFlags.Present;
    private const ulong Large = (ulong)PageTableEntryFlags.Large;
    private const ulong NoExecute = (ulong)PageTableEntryFlags.NoExecute;

    /// <summary>
    /// Bits 12 to 50: bit 51 has never been part of an address on a guest that Osprey knows, and OSv uses it as a mark.
    /// </summary>
    private const ulong AddressMask = 0x0007_ffff_ffff_f000;

    private readonly X64Paging _paging;
    private readonly ulong[] _reserved;
    private readonly ulong[] _reservedInLeaf;

    public PageTableFormat(X64Paging paging)
    {
        _paging = paging;
        (Levels, EntrySize, AddressBits) = paging.Mode switch
        {
            X64PagingMode.Legacy32 => (2, 4, 32),
            X64PagingMode.Pae => (3, 8, 32),
            X64PagingMode.FourLevel => (4, 8, 48),
            X64PagingMode.FiveLevel => (5, 8, 57),
            X64PagingMode.Flat => (0, 8, 64),
            _ => (0, 8, 32),
        };
        IndexBits = EntrySize == 4 ? 10 : 9;
        _reserved = new ulong[Levels];
        _reservedInLeaf = new ulong[Levels];
        for (int level = 0; level < Levels; level++)
            SetReserved(level);
    }

    public int Levels { get; }

    public int EntrySize { get; }

    public int AddressBits { get; }

    public int IndexBits { get; }

    public bool IsWide => _paging.Mode is X64PagingMode.FourLevel or X64PagingMode.FiveLevel;

    public int Shift(int level) => 12 + (IndexBits * level);

    public int EntryCount(int level) => Is32BitRoot(level) ? 4 : 1 << IndexBits;

    public int Index(ulong address, int level) => (int)((address >> Shift(level)) & (ulong)(EntryCount(level) - 1));

    /// <summary>Tells whether a guest can use the address at all.</summary>
    public bool IsCanonical(ulong address)
    {
        if (!IsWide)
            return _paging.Mode == X64PagingMode.Flat || address <= uint.MaxValue;

        long extended = unchecked((long)(address << (64 - AddressBits))) >> (64 - AddressBits);
        return unchecked((ulong)extended) == address;
    }

    /// <summary>An address of <see cref="AddressBits"/> bits as the guest writes it.</summary>
    public ulong SignExtend(ulong address) =>
        IsWide ? unchecked((ulong)((long)(address << (64 - AddressBits)) >> (64 - AddressBits))) : address;

    /// <summary>Tells the kind of an entry at a level.</summary>
    public PageTableEntryKind Classify(int level, ulong entry)
    {
        if ((entry & Present) == 0)
            return PageTableEntryKind.NotPresent;

        bool isLeaf = level == 0 || ((entry & Large) != 0 && HasLargePages(level));
        if ((entry & (isLeaf ? _reservedInLeaf : _reserved)[level]) == 0)
            return isLeaf ? PageTableEntryKind.Leaf : PageTableEntryKind.Table;

        bool isProtected = isLeaf && IsWide && (entry & (ulong)PageTableEntryFlags.ProtectNone) != 0;
        return isProtected ? PageTableEntryKind.ProtectNone : PageTableEntryKind.Reserved;
    }

    /// <summary>The address of the next table, which an entry names.</summary>
    public ulong TableAddress(ulong entry) => EntrySize == 4 ? entry & 0xffff_f000 : entry & AddressMask;

    /// <summary>The first address of the page that a leaf names.</summary>
    public ulong PageAddress(int level, ulong entry)
    {
        ulong offsetMask = (1UL << Shift(level)) - 1;
        if (EntrySize == 8)
            return entry & AddressMask & ~offsetMask;

        // PSE-36: of a 4 MiB page, bits 13 to 20 are bits 32 to 39 of the address.
        return level == 0 ? entry & 0xffff_f000 : (entry & 0xffc0_0000) | ((entry >> 13) & 0xff) << 32;
    }

    /// <summary>The permissions that an entry gives by itself.</summary>
    public PagePermissions Permissions(int level, ulong entry)
    {
        if (Is32BitRoot(level))
            return PagePermissions.Read | PagePermissions.Write | PagePermissions.Execute | PagePermissions.User;

        PagePermissions allowed = PagePermissions.Read;
        if ((entry & (ulong)PageTableEntryFlags.Write) != 0)
            allowed |= PagePermissions.Write;

        if ((entry & (ulong)PageTableEntryFlags.User) != 0)
            allowed |= PagePermissions.User;

        if (EntrySize == 4 || (entry & NoExecute) == 0)
            allowed |= PagePermissions.Execute;

        return allowed;
    }

    private bool Is32BitRoot(int level) => _paging.Mode == X64PagingMode.Pae && level == 2;

    private bool HasLargePages(int level) =>
        _paging.Mode switch
        {
            X64PagingMode.Legacy32 => level == 1 && _paging.LargePages,
            X64PagingMode.Pae => level == 1,
            _ => level is 1 or 2,
        };

    private void SetReserved(int level)
    {
        if (EntrySize == 4)
        {
            _reservedInLeaf[level] = level == 1 ? 1UL << 21 : 0;
            return;
        }

        ulong both = (ulong)PageTableEntryFlags.ProtectNone;
        if (!_paging.NoExecute)
            both |= NoExecute;

        if (!IsWide)
            both |= 0x7ff0_0000_0000_0000;

        // Bits 5 and 6 are reserved in a root of 32-bit mode too, but QEMU sets the first as elsewhere: accessed.
        if (Is32BitRoot(level))
            both |= NoExecute | 0x186;

        _reserved[level] = both | (IsWide && level >= 3 ? Large : 0);

        // Between the attribute in bit 12 and the address.
        ulong alignment = level == 0 ? 0 : ((1UL << Shift(level)) - 1) & ~0x1fffUL;
        _reservedInLeaf[level] = both | alignment;
    }
}
