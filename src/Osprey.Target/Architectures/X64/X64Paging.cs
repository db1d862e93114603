using Osprey.Target.Memory;

namespace Osprey.Target.Architectures.X64;

/// <summary>The state of a CPU that its translation of addresses hangs on.</summary>
/// <param name="Mode">The kind of page tables.</param>
/// <param name="Root">Where the top table is.</param>
/// <param name="NoExecute">Whether bit 63 of an entry means no execution (EFER.NXE); it is reserved otherwise.</param>
/// <param name="LargePages">
/// Whether 32-bit paging has 4 MiB pages (CR4.PSE); the other modes always have large ones.
/// </param>
public readonly record struct X64Paging(
    X64PagingMode Mode,
    PhysicalAddress Root,
    bool NoExecute = true,
    bool LargePages = true
)
{
    private const ulong Cr0Paging = 1UL << 31; // CR0.PG
    private const ulong Cr4LargePages = 1UL << 4; // CR4.PSE
    private const ulong Cr4PhysicalAddressExtension = 1UL << 5; // CR4.PAE
    private const ulong Cr4FiveLevels = 1UL << 12; // CR4.LA57
    private const ulong EferLongModeActive = 1UL << 10; // EFER.LMA
    private const ulong EferNoExecute = 1UL << 11; // EFER.NXE

    /// <summary>
    /// The bits of CR3, and of an entry that leads to a table, which are the table's physical address.
    /// </summary>
    public const ulong TableBits = 0x000f_ffff_ffff_f000;

    /// <summary>No translation: what CPUs start with.</summary>
    public static X64Paging Off { get; } = new(X64PagingMode.None, default);

    /// <summary>No translation, of any address: the memory of a process.</summary>
    public static X64Paging Flat { get; } = new(X64PagingMode.Flat, default);

    /// <summary>Reads the state from a CPU's registers.</summary>
    /// <returns>
    /// Null when CR0, CR3 or CR4 are not known. Without EFER, a CPU with 64-bit entries is taken to be in long mode.
    /// </returns>
    public static X64Paging? FromRegisters(RegisterSet registers)
    {
        if (!registers.TryGet(X64Register.Cr0, out ulong cr0))
            return null;

        if ((cr0 & Cr0Paging) == 0)
            return Off;

        if (!registers.TryGet(X64Register.Cr3, out ulong cr3) || !registers.TryGet(X64Register.Cr4, out ulong cr4))
            return null;

        bool knowsEfer = registers.TryGet(X64Register.Efer, out ulong efer);
        bool noExecute = !knowsEfer || (efer & EferNoExecute) != 0;
        if ((cr4 & Cr4PhysicalAddressExtension) == 0)
        {
            bool largePages = (cr4 & Cr4LargePages) != 0;
            return new X64Paging(X64PagingMode.Legacy32, new PhysicalAddress(cr3 & 0xffff_f000), false, largePages);
        }

        if (knowsEfer && (efer & EferLongModeActive) == 0)
            return new X64Paging(X64PagingMode.Pae, new PhysicalAddress(cr3 & 0xffff_ffe0), noExecute);

        X64PagingMode mode = (cr4 & Cr4FiveLevels) != 0 ? X64PagingMode.FiveLevel : X64PagingMode.FourLevel;
        return new X64Paging(mode, new PhysicalAddress(cr3 & TableBits), noExecute);
    }
}
