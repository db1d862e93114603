using System.Globalization;
using System.Runtime.InteropServices;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests;

/// <summary>One virtual address space of a guest, and how it was come by.</summary>
public sealed class AddressSpace
{
    /// <summary>
    /// With Linux's page-table isolation, the tables of user mode lie one page behind those of the kernel.
    /// </summary>
    private const ulong UserTablesBit = 1UL << 12;

    private const ulong TableBits = 0x000f_ffff_ffff_f000;
    private const ulong Present = 1;

    private readonly IPhysicalMemory _physical;

    private AddressSpace(IPhysicalMemory physical, X64Paging paging, string origin)
    {
        _physical = physical;
        Paging = paging;
        Origin = origin;
        Walker = new PageTableWalker(physical, paging);
        Memory = new VirtualMemory(physical, Walker);
    }

    /// <summary>The kind of page tables and where they are.</summary>
    public X64Paging Paging { get; }

    /// <summary>Where the page tables were known from, in words.</summary>
    public string Origin { get; }

    /// <summary>The page tables.</summary>
    public PageTableWalker Walker { get; }

    /// <summary>Memory through them.</summary>
    public VirtualMemory Memory { get; }

    /// <summary>The tables and their origin in words.</summary>
    public string Description =>
        Paging.Mode == X64PagingMode.None
            ? $"none: paging is off ({Origin})"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"at physical 0x{Paging.Root.Value:x}, {LevelText} ({Origin})"
            );

    private string LevelText =>
        Paging.Mode switch
        {
            X64PagingMode.Legacy32 => "32-bit",
            X64PagingMode.Pae => "32-bit with PAE",
            X64PagingMode.FourLevel => "4 levels",
            _ => "5 levels",
        };

    /// <summary>
    /// The address space that the user named, or that of a vCPU, or that of the kernel where its place is known.
    /// </summary>
    /// <param name="target">The guest.</param>
    /// <param name="physical">Its memory.</param>
    /// <param name="settings">What the user asked for.</param>
    /// <param name="findKernelRoot">
    /// Gives the kernel's page tables where registers can't be had; null when it does not know them.
    /// </param>
    /// <exception cref="TargetException">No page tables are known.</exception>
    public static AddressSpace Choose(
        GuestTarget target,
        IPhysicalMemory physical,
        GuestSettings settings,
        Func<ulong?> findKernelRoot
    )
    {
        if (settings.PageTableRoot is { } root && settings.Cpu is null)
            return new AddressSpace(physical, new X64Paging(X64PagingMode.FourLevel, Align(root)), "as given");

        int cpu = settings.Cpu ?? 0;
        X64Paging paging;
        try
        {
            paging =
                X64Paging.FromRegisters(target.ReadRegisters(cpu))
                ?? throw new TargetException(
                    TargetProblem.PageTablesUnknown,
                    $"the control registers of vCPU {cpu} are not known"
                );
        }
        catch (TargetException) when (settings.Cpu is null && findKernelRoot() is not null)
        {
            return new AddressSpace(
                physical,
                new X64Paging(X64PagingMode.FourLevel, Align(findKernelRoot()!.Value)),
                "as the kernel's variable says"
            );
        }

        return settings.PageTableRoot is { } given
            ? new AddressSpace(physical, paging with { Root = Align(given) }, $"as given, in the mode of vCPU {cpu}")
            : new AddressSpace(physical, paging, $"CR3 of vCPU {cpu}");
    }

    /// <summary>
    /// The address space that holds the whole kernel, where this is one of user mode kept apart from it.
    /// </summary>
    public AddressSpace ForKernel()
    {
        if ((Paging.Root.Value & UserTablesBit) == 0)
            return this;

        var kernel = new AddressSpace(
            _physical,
            Paging with
            {
                Root = new PhysicalAddress(Paging.Root.Value & ~UserTablesBit),
            },
            Origin + ", the kernel's half"
        );
        return IsUserHalfOf(kernel) ? kernel : this;
    }

    /// <summary>
    /// Whether these are the user's tables to another space's: of user memory they have what it has, of the kernel
    /// less. Without isolation the page before a table may hold anything.
    /// </summary>
    private bool IsUserHalfOf(AddressSpace kernel)
    {
        ulong[]? own = ReadTop(this);
        ulong[]? other = ReadTop(kernel);
        if (own is null || other is null)
            return false;

        int common = 0;
        int missing = 0;
        for (int i = 0; i < own.Length; i++)
        {
            bool isOwn = (own[i] & Present) != 0;
            bool isOther = (other[i] & Present) != 0;
            if (
                i < own.Length / 2
                    ? isOwn != isOther || (isOwn && ((own[i] ^ other[i]) & TableBits) != 0)
                    : isOwn && !isOther
            )
                return false;

            common += isOwn && i < own.Length / 2 ? 1 : 0;
            missing += isOther && !isOwn ? 1 : 0;
        }

        return common > 0 && missing > 0;
    }

    /// <summary>Why an address can't be read, as a sentence.</summary>
    public string Explain(ulong address)
    {
        PageWalk walk = Walker.Walk(address);
        string reason = walk.Outcome switch
        {
            PageWalkOutcome.NotPresent when walk.Steps[^1].Value is > 0 =>
                $"its entry of level {walk.Steps[^1].Level} is not present, but not empty either: the page is swapped out, or has no permission (PROT_NONE)",
            PageWalkOutcome.NotPresent => $"not mapped: its entry of level {walk.Steps[^1].Level} is not present",
            PageWalkOutcome.ProtectNone => "mapped without any permission (PROT_NONE)",
            PageWalkOutcome.ReservedBits =>
                $"its page table entry of level {walk.Steps[^1].Level} has reserved bits set",
            PageWalkOutcome.TableUnreadable => string.Create(
                CultureInfo.InvariantCulture,
                $"its page table at physical 0x{walk.Steps[^1].Address.Value:x} is not in memory"
            ),
            PageWalkOutcome.NotCanonical => "no such address exists on x86-64: its upper bits are not all alike",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"it is mapped to physical 0x{walk.Translation!.Value.Physical.Value:x}, where the guest has no memory to read"
            ),
        };
        return string.Create(CultureInfo.InvariantCulture, $"address 0x{address:x} can't be read: {reason}");
    }

    private static PhysicalAddress Align(ulong root) => new(root & TableBits);

    private ulong[]? ReadTop(AddressSpace space)
    {
        ulong[] table = new ulong[512];
        Span<byte> bytes = MemoryMarshal.AsBytes(table.AsSpan());
        return _physical.Read(space.Paging.Root, bytes) == bytes.Length ? table : null;
    }
}
