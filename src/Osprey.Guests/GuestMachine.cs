using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Processes;
using Osprey.Target.Memory;

namespace Osprey.Guests;

/// <summary>
/// The part of a guest that an operating system can be recognised and read by: physical memory, the registers of its
/// vCPUs, and hints about the files that it was started from.
/// </summary>
/// <remarks>Used from one thread at a time.</remarks>
/// <param name="memory">Physical memory.</param>
public sealed class GuestMachine(IPhysicalMemory memory)
{
    private AddressSpace? _space;
    private AddressSpace? _found;

    /// <summary>Physical memory.</summary>
    public IPhysicalMemory Memory { get; } = memory;

    /// <summary>The number of vCPUs.</summary>
    public int CpuCount { get; init; }

    /// <summary>
    /// Reads a vCPU's registers by its number from 0, or throws a <see cref="TargetException"/>; null when no registers
    /// can be read at all.
    /// </summary>
    public Func<int, RegisterSet>? RegisterReader { get; init; }

    /// <summary>
    /// The process that is read in place of a guest, whose own addresses stand for physical ones; null for a guest.
    /// </summary>
    public IProgramFacts? Program { get; init; }

    /// <summary>The vCPU whose page tables count; null for the first.</summary>
    public int? Cpu { get; set; }

    /// <summary>
    /// Physical address of the page tables to use in place of the vCPU's; null for those of the vCPU.
    /// </summary>
    public ulong? PageTableRoot { get; set; }

    /// <summary>
    /// Whether all of memory can be read in a moment, as that of a process on this host or a core file. Through a gdb
    /// stub it takes minutes.
    /// </summary>
    public bool IsSearchable { get; init; } = true;

    /// <summary>
    /// Finds the file that QEMU was told to boot (<c>-kernel</c>), as a path of this host; null, or a function that
    /// gives null, when there is none.
    /// </summary>
    public Func<string?>? BootFileFinder { get; init; }

    /// <summary>The file that QEMU was told to boot; null when there is none or it is not known.</summary>
    public string? BootFile => field ??= BootFileFinder?.Invoke();

    /// <summary>
    /// The address space that the user named, or that of a vCPU. An operating system may know another place for its
    /// page tables (<see cref="IGuestOs.FindPageTableRoot"/>); that is not asked here, so that detection can use this.
    /// </summary>
    /// <exception cref="TargetException">No page tables are known.</exception>
    public AddressSpace Space => _space ??= FindSpace();

    /// <summary>
    /// Takes page tables that an operating system found in memory for those of the guest, from now on: for a guest
    /// whose registers can't be read.
    /// </summary>
    internal void Adopt(AddressSpace space) => _space = _found = space;

    /// <summary>Forgets the address space, which a guest that ran may have changed.</summary>
    public void Forget() => _space = null;

    /// <summary>A page-table root without the bits that are not part of the address.</summary>
    public static PhysicalAddress AlignRoot(ulong root) => new(root & X64Paging.TableBits);

    /// <summary>The address space of <see cref="Space"/>; null when no page tables are known.</summary>
    public AddressSpace? TryGetSpace()
    {
        try
        {
            return Space;
        }
        catch (TargetException)
        {
            return null; // a command that needs the page tables fails by itself, and tells the reason
        }
    }

    /// <summary>The address space of one vCPU.</summary>
    /// <param name="cpu">The vCPU's number from 0.</param>
    /// <exception cref="TargetException">Its registers can't be read, or do not tell.</exception>
    public AddressSpace ReadSpace(int cpu) => new(Memory, ReadPaging(cpu), $"CR3 of vCPU {cpu}");

    /// <summary>The address space of a process, whose memory is read by its own addresses.</summary>
    internal static AddressSpace FlatSpace(IPhysicalMemory memory) =>
        new(memory, X64Paging.Flat, "a process is read by its own addresses");

    private AddressSpace FindSpace()
    {
        if (Program is not null)
            return FlatSpace(Memory);

        if (PageTableRoot is { } root && Cpu is null)
            return new AddressSpace(Memory, new X64Paging(X64PagingMode.FourLevel, AlignRoot(root)), "as given");

        AddressSpace space;
        try
        {
            space = ReadSpace(Cpu ?? 0);
        }
        catch (TargetException) when (_found is not null && Cpu is null)
        {
            return _found;
        }

        return PageTableRoot is { } given
            ? space.WithRoot(AlignRoot(given), $"as given, in the mode of vCPU {Cpu}")
            : space;
    }

    private X64Paging ReadPaging(int cpu)
    {
        if (RegisterReader is null)
            throw new TargetException(TargetProblem.PageTablesUnknown, "the guest's registers are not known");

        return X64Paging.FromRegisters(RegisterReader(cpu))
            ?? throw new TargetException(
                TargetProblem.PageTablesUnknown,
                $"the control registers of vCPU {cpu} are not known"
            )
            {
                Cpu = cpu,
            };
    }
}
