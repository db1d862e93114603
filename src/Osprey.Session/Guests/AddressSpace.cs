using System.Globalization;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests;

/// <summary>One virtual address space of a guest, and how it was come by.</summary>
public sealed class AddressSpace
{
    /// <summary>With Linux's page-table isolation, the tables of user mode lie one page behind those of the kernel.</summary>
    private const ulong UserTablesBit = 1UL << 12;

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
    public string Description => Paging.Mode == X64PagingMode.None
        ? $"none: paging is off ({Origin})"
        : string.Create(CultureInfo.InvariantCulture, $"at physical 0x{Paging.Root.Value:x}, {LevelText} ({Origin})");

    private string LevelText => Paging.Mode switch
    {
        X64PagingMode.Legacy32 => "32-bit",
        X64PagingMode.Pae => "32-bit with PAE",
        X64PagingMode.FourLevel => "4 levels",
        _ => "5 levels",
    };

    /// <summary>The address space that the user named, or that of a vCPU, or that of the kernel where its place is known.</summary>
    /// <param name="target">The guest.</param>
    /// <param name="physical">Its memory.</param>
    /// <param name="settings">What the user asked for.</param>
    /// <param name="findKernelRoot">Gives the kernel's page tables where registers can't be had; null when it does not know them.</param>
    /// <exception cref="TargetException">No page tables are known.</exception>
    public static AddressSpace Choose(GuestTarget target, IPhysicalMemory physical, GuestSettings settings, Func<ulong?> findKernelRoot)
    {
        if (settings.PageTableRoot is { } root && settings.Cpu is null)
            return new AddressSpace(physical, new X64Paging(X64PagingMode.FourLevel, Align(root)), "as given");

        int cpu = settings.Cpu ?? 0;
        X64Paging paging;
        try
        {
            paging = X64Paging.FromRegisters(target.ReadRegisters(cpu))
                ?? throw new TargetException($"the control registers of vCPU {cpu} are not known", "name the page tables: --cr3 ADDRESS");
        }
        catch (TargetException) when (settings.Cpu is null && findKernelRoot() is not null)
        {
            return new AddressSpace(physical, new X64Paging(X64PagingMode.FourLevel, Align(findKernelRoot()!.Value)), "as the kernel's variable says");
        }

        return settings.PageTableRoot is { } given
            ? new AddressSpace(physical, paging with { Root = Align(given) }, $"as given, in the mode of vCPU {cpu}")
            : new AddressSpace(physical, paging, $"CR3 of vCPU {cpu}");
    }

    /// <summary>The address space that holds the whole kernel, where this is one of user mode kept apart from it.</summary>
    public AddressSpace ForKernel()
    {
        bool isUserOnly = (Paging.Root.Value & UserTablesBit) != 0;
        var kernel = new AddressSpace(_physical, Paging with { Root = new PhysicalAddress(Paging.Root.Value & ~UserTablesBit) }, Origin + ", the kernel's half");
        return isUserOnly && CountTopEntries(kernel) > CountTopEntries(this) ? kernel : this;
    }

    /// <summary>Why an address can't be read, as a sentence.</summary>
    public string Explain(ulong address)
    {
        PageWalk walk = Walker.Walk(address);
        string reason = walk.Outcome switch
        {
            PageWalkOutcome.NotPresent => $"not mapped: its entry of level {walk.Steps[^1].Level} is not present",
            PageWalkOutcome.ProtectNone => "mapped without any permission (PROT_NONE)",
            PageWalkOutcome.ReservedBits => $"its page table entry of level {walk.Steps[^1].Level} has reserved bits set",
            PageWalkOutcome.TableUnreadable => string.Create(CultureInfo.InvariantCulture, $"its page table at physical 0x{walk.Steps[^1].Address.Value:x} is not in memory"),
            PageWalkOutcome.NotCanonical => "no such address exists on x86-64: its upper bits are not all alike",
            _ => string.Create(CultureInfo.InvariantCulture, $"it is mapped to physical 0x{walk.Translation!.Value.Physical.Value:x}, where the guest has no memory to read"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"address 0x{address:x} can't be read: {reason}");
    }

    private static PhysicalAddress Align(ulong root) => new(root & 0x000f_ffff_ffff_f000);

    private int CountTopEntries(AddressSpace space)
    {
        byte[] table = new byte[4096];
        int size = _physical.Read(space.Paging.Root, table);
        int count = 0;
        for (int at = 0; at + 8 <= size; at += 8)
            count += table[at] & 1;

        return count;
    }
}
