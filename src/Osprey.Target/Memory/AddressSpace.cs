using System.Globalization;
using Osprey.Target.Architectures.X64;

namespace Osprey.Target.Memory;

/// <summary>One virtual address space of a guest: its page tables, and memory through them.</summary>
public sealed class AddressSpace
{
    private readonly PageTableWalker? _kernel;

    /// <param name="physical">The guest's physical memory.</param>
    /// <param name="paging">The kind of page tables and their place.</param>
    /// <param name="origin">The source that names the page tables, in words, such as "CR3 of vCPU 0".</param>
    public AddressSpace(IPhysicalMemory physical, X64Paging paging, string origin)
    {
        Physical = physical;
        Paging = paging;
        Origin = origin;
        Walker = new PageTableWalker(physical, paging);
        Memory = new VirtualMemory(physical, Walker);
    }

    private AddressSpace(AddressSpace program, AddressSpace kernel)
        : this(program.Physical, program.Paging, program.Origin)
    {
        _kernel = kernel.Walker;
        Memory = new VirtualMemory(Physical, new KernelHalfTranslator(Walker, _kernel));
    }

    /// <summary>The physical memory that the page tables lie in and lead to.</summary>
    public IPhysicalMemory Physical { get; }

    /// <summary>The kind of page tables and their place.</summary>
    public X64Paging Paging { get; }

    /// <summary>The source that names the page tables, in words.</summary>
    public string Origin { get; }

    /// <summary>The page tables.</summary>
    public PageTableWalker Walker { get; }

    /// <summary>Memory through them.</summary>
    public VirtualMemory Memory { get; }

    /// <summary>The tables and their origin in words.</summary>
    public string Description =>
        Paging.Mode switch
        {
            X64PagingMode.None => $"none: paging is off ({Origin})",
            X64PagingMode.Flat => $"none ({Origin})",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"at physical 0x{Paging.Root.Value:x}, {LevelText} ({Origin})"
            ),
        };

    private string LevelText =>
        Paging.Mode switch
        {
            X64PagingMode.Legacy32 => "32-bit",
            X64PagingMode.Pae => "32-bit with PAE",
            X64PagingMode.FourLevel => "4 levels",
            _ => "5 levels",
        };

    /// <summary>The same kind of page tables at another place.</summary>
    /// <param name="root">The place of the top table.</param>
    /// <param name="origin">The source that names it, in words.</param>
    public AddressSpace WithRoot(PhysicalAddress root, string origin) =>
        new(Physical, Paging with { Root = root }, origin);

    /// <summary>
    /// The same page tables, and memory through them that has the kernel as well: what they lack of its half of the
    /// addresses is read through another space's.
    /// </summary>
    /// <param name="kernel">The space that has all of the kernel.</param>
    public AddressSpace WithKernel(AddressSpace kernel) => new(this, kernel);

    /// <summary>Explains in a sentence why an address can't be read.</summary>
    public string Explain(ulong address)
    {
        if (Paging.Mode == X64PagingMode.Flat)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"address 0x{address:x} can't be read: the process has nothing there that can be read"
            );

        PageWalk walk = (KernelHalfTranslator.IsUpperHalf(address) ? _kernel ?? Walker : Walker).Walk(address);
        string reason = walk.Outcome switch
        {
            PageWalkOutcome.NotPresent when walk.Steps[^1].Value is > 0 =>
                $"its entry of level {walk.Steps[^1].Level} is not present, but not empty either: "
                    + "the page is swapped out, or has no permission (PROT_NONE)",
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
                $"it is mapped to physical 0x{walk.Translation!.Value.Physical.Value:x}, "
                    + $"where the guest has no memory to read"
            ),
        };
        return string.Create(CultureInfo.InvariantCulture, $"address 0x{address:x} can't be read: {reason}");
    }
}
