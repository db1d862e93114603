using Osprey.Binary.Elf;
using Osprey.Guests.Modules;
using Osprey.Guests.Osv.Modules;
using Osprey.Guests.Osv.Threads;
using Osprey.Guests.Osv.Values;
using Osprey.Guests.Programs;
using Osprey.Guests.Threads;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv;

/// <summary>
/// OSv: one address space for kernel and applications, a kernel at a fixed place that runs where it was linked to.
/// </summary>
internal sealed partial class OsvGuest : IGuestOs, IGuestThreads, IGuestModules
{
    /// <summary>The system's name.</summary>
    public const string Name = "OSv";

    /// <summary>The end of what programs are mapped to (upper_vma_limit in core/mmu.cc), in all versions.</summary>
    private const ulong MappingsEnd = 0x4000_0000_0000;

    private readonly GuestMachine _machine;
    private (GuestThreadList? Threads, OsvWaits? Waits) _waits;
    private OsvModuleFiles? _moduleFiles;
    private (ITypeSource? Types, OsvThreadLayout Layout) _layout = (null, OsvThreadLayout.Usual);

    private OsvGuest(GuestMachine machine, GuestIdentity identity)
    {
        _machine = machine;
        Identity = identity;
    }

    public GuestIdentity Identity { get; }

    public IReadOnlyList<IContainerReader> ContainerReaders { get; } = [new RcuPointerReader()];

    /// <summary>Recognises OSv.</summary>
    public static IGuestOs? Detect(GuestMachine machine) =>
        OsvDetector.Detect(machine) is { } identity ? new OsvGuest(machine, identity) : null;

    public IEnumerable<KernelCandidate> FindKernelFiles(IReadOnlyList<string> searchFolders) =>
        OsvKernelFile.List(_machine.BootFile, searchFolders);

    /// <summary>The image as it lies in physical memory; applications are seen through page tables only.</summary>
    public IEnumerable<IMemoryReader> GetProgramMemories()
    {
        yield return new KernelImageReader(_machine.Memory, Identity.ImageShift);
        if (_machine.TryGetSpace() is { } space)
            yield return space.Memory;
    }

    public LoadBias GetKernelBias(ElfImage image) => LoadBias.None;

    /// <summary>The kernel keeps the place of its page tables in a variable, which is read without them.</summary>
    public ulong? FindPageTableRoot(Func<string, ulong?> findSymbol) =>
        findSymbol("mmu::page_table_root") is { } address
        && new KernelImageReader(_machine.Memory, Identity.ImageShift).TryReadUInt64(address, out ulong root)
        && root != 0
            ? root
            : null;

    public AddressSpace GetKernelSpace(AddressSpace space) => space;

    public ulong? FindThreadPointer(RegisterSet registers, IMemoryReader memory, ITypeSource? kernelTypes) =>
        GetLayout(kernelTypes).FindControlBlock(registers, memory);

    /// <summary>
    /// The control block names the start of its thread-locals, except before the scheduler runs; they end at the block.
    /// </summary>
    public ulong? FindThreadLocals(
        ElfImage program,
        RegisterSet registers,
        IMemoryReader memory,
        ITypeSource? kernelTypes
    )
    {
        if (!ThreadLocalBlock.HasAny(program) || FindThreadPointer(registers, memory, kernelTypes) is not { } control)
            return null;

        ulong place = unchecked(control + GetLayout(kernelTypes).StartOffset);
        return memory.TryReadUInt64(place, out ulong start) && start != 0
            ? start
            : ThreadLocalBlock.Find(program, control);
    }

    public GuestThreadList ReadThreads(GuestKernel kernel, CancellationToken cancellation) =>
        OsvThreads.Read(kernel, cancellation);

    public bool HasRun(GuestKernel kernel, GuestThreadState thread)
    {
        kernel.Refresh();
        return FindObject(kernel, thread) is not { } value
            || OsvThreadReader.HasRun(value, OsvCpus.Read(kernel), thread);
    }

    public GuestThreadState? ReadAgain(GuestKernel kernel, GuestThreadState thread) =>
        FindObject(kernel, thread) is { } value
        && new OsvThreadReader(kernel, OsvCpus.Read(kernel)).Read(value) is { } read
        && read.Id == thread.Id
            ? read
            : null;

    public bool IsWaiting(BacktraceRow frame) => OsvWaitFrames.IsWaiting(frame);

    public GuestWait? FindWait(
        GuestKernel kernel,
        GuestThreadList threads,
        GuestThreadState thread,
        Backtrace stack,
        IReadOnlyList<BacktraceRow> rows
    )
    {
        if (!ReferenceEquals(_waits.Threads, threads))
            _waits = (threads, new OsvWaits(kernel, threads));

        return _waits.Waits!.Find(thread, stack, rows);
    }

    public GuestList<GuestObject> ReadModules(GuestKernel kernel, CancellationToken cancellation) =>
        OsvModules.Read(kernel, cancellation);

    // Behind it are the heap and all of memory, mapped one to one.
    public bool CanBeLoadedAt(ulong address) => address < MappingsEnd;

    public IEnumerable<KernelCandidate> FindModuleFiles(
        GuestObject loaded,
        string kernelPath,
        IReadOnlyList<string> searchFolders
    )
    {
        if (_moduleFiles?.KernelPath != kernelPath)
            _moduleFiles = new OsvModuleFiles(kernelPath);

        return _moduleFiles.List(loaded, searchFolders);
    }

    private static Value? FindObject(GuestKernel kernel, GuestThreadState thread) =>
        kernel.Values.FindType("sched::thread") is { } type ? kernel.Values.At(type, thread.Address) : null;

    private OsvThreadLayout GetLayout(ITypeSource? types)
    {
        if (!ReferenceEquals(types, _layout.Types))
            _layout = (types, OsvThreadLayout.Of(types));

        return _layout.Layout;
    }
}
