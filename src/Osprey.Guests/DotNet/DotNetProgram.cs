using Osprey.Binary.Elf;
using Osprey.Guests.Modules;
using Osprey.Guests.Programs;
using Osprey.Guests.Tracepoints;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Backends.Processes;
using Osprey.Target.Memory;

namespace Osprey.Guests.DotNet;

/// <summary>
/// A .NET program with the library Osprey.Tracing, in the place of an operating system: its tracepoints and rings are
/// those of OSv, so that whoever reads a guest's rings reads a program's.
/// </summary>
internal sealed class DotNetProgram : IGuestOs, IGuestTraceRings, IGuestTracepoints, IGuestSymbols, IGuestModules
{
    /// <summary>The widest hole within one place of a file, in bytes: such as what two segments are apart.</summary>
    private const ulong MaxHole = 4 << 20;

    /// <summary>How the names of files begin that are memory alone.</summary>
    private const string MemoryFile = "/memfd:";

    private readonly IProgramFacts _process;
    private readonly IPhysicalMemory _memory;
    private readonly ulong _region;
    private readonly CodeNameTable _names;

    private DotNetProgram(IProgramFacts process, IPhysicalMemory memory, ulong region)
    {
        _process = process;
        _memory = memory;
        _region = region;
        _names = new CodeNameTable(process, new TraceRegionReader(FlatMemory, region));
    }

    /// <inheritdoc/>
    public GuestIdentity Identity { get; } =
        new(".NET", "", 0, default, [new GuestSign("tracing", "memory that begins as Osprey.Tracing's does")]);

    /// <inheritdoc/>
    public string TableName => "names of compiled methods";

    /// <inheritdoc/>
    public bool IsOfKernel => false;

    /// <inheritdoc/>
    public bool HasFiles => false;

    /// <summary>Recognises a process by the region of the library.</summary>
    /// <exception cref="TargetException">It is a process without.</exception>
    public static IGuestOs? Detect(GuestMachine machine)
    {
        if (machine.Program is not { } process)
            return null;

        Span<byte> start = stackalloc byte[TraceRegionReader.StartSize];
        foreach (ProgramMapping mapping in process.ReadMappings())
        {
            // A core file does not name what is mapped.
            bool mayBe = mapping.Path.Length == 0 || mapping.Path.StartsWith(MemoryFile, StringComparison.Ordinal);
            if (
                mayBe
                && mapping.IsReadable
                && machine.Memory.Read(new PhysicalAddress(mapping.Start), start) == start.Length
                && TraceRegionReader.IsStart(start, mapping.Start)
            )
                return new DotNetProgram(process, machine.Memory, mapping.Start);
        }

        throw new TargetException(
            TargetProblem.NoSuchProgram,
            $"{process.Description} has no tracepoints: it is no .NET program that uses Osprey.Tracing, or has not "
                + "defined any yet"
        );
    }

    /// <inheritdoc/>
    /// <remarks>A program that was compiled ahead of time has its symbols in its own file.</remarks>
    public IEnumerable<KernelCandidate> FindKernelFiles(IReadOnlyList<string> searchFolders) =>
        ListCode().Take(1).Select(place => new KernelCandidate(place.Path, "mapped by the process"));

    /// <inheritdoc/>
    public IEnumerable<IMemoryReader> GetProgramMemories()
    {
        yield return FlatMemory;
    }

    /// <summary>Finds the place of a native program: where the file's code is in memory.</summary>
    public LoadBias GetKernelBias(ElfImage image)
    {
        IMemoryReader memory = FlatMemory;
        foreach ((_, ulong start, _) in ListCode())
        {
            LoadBias bias = LoadBias.FromBase(image, start);
            if (ProgramCheck.Compare(image, bias, memory) == ProgramFit.Same)
                return bias;
        }

        return LoadBias.None;
    }

    /// <inheritdoc/>
    public ulong? FindPageTableRoot(Func<string, ulong?> findSymbol) => null;

    /// <inheritdoc/>
    public AddressSpace GetKernelSpace(AddressSpace space) => space;

    /// <inheritdoc/>
    public ulong? FindThreadPointer(RegisterSet registers, IMemoryReader memory, ITypeSource? kernelTypes) => null;

    /// <inheritdoc/>
    public ulong? FindThreadLocals(
        ElfImage program,
        RegisterSet registers,
        IMemoryReader memory,
        ITypeSource? kernelTypes
    ) => null;

    /// <inheritdoc/>
    public GuestTraceRings ReadTraceRings(GuestKernel kernel, CancellationToken cancellation) =>
        new TraceRegionReader(kernel.Values.Memory, _region).ReadRings(cancellation);

    /// <inheritdoc/>
    public GuestList<GuestTracepoint> ReadTracepoints(GuestKernel kernel, CancellationToken cancellation) =>
        new TraceRegionReader(kernel.Values.Memory, _region).ReadTracepoints(cancellation);

    /// <inheritdoc/>
    public ISymbolTable FindSymbolTable() => _names;

    /// <inheritdoc/>
    public GuestList<GuestObject> ReadModules(GuestKernel kernel, CancellationToken cancellation) =>
        new([.. ListCode().Select(part => new GuestObject(part.Path, part.Start, part.Start, part.End))], []);

    /// <inheritdoc/>
    public IEnumerable<KernelCandidate> FindModuleFiles(
        GuestObject loaded,
        string kernelPath,
        IReadOnlyList<string> searchFolders
    ) => [];

    private IMemoryReader FlatMemory => GuestMachine.FlatSpace(_memory).Memory;

    /// <summary>
    /// Lists the places that files with code have. The runtime maps some files twice, far apart: what lies between is
    /// other things.
    /// </summary>
    private List<(string Path, ulong Start, ulong End)> ListCode()
    {
        var places = new List<(string Path, ulong Start, ulong End)>();
        bool hasCode = false;
        foreach (ProgramMapping mapping in _process.ReadMappings())
        {
            if (!mapping.Path.StartsWith('/') || mapping.Path.StartsWith(MemoryFile, StringComparison.Ordinal))
                continue; // within a library lies memory that is no file's, such as its zeroed variables

            bool goesOn =
                places is [.., var last]
                && last.Path == mapping.Path
                && mapping.Start >= last.End
                && mapping.Start - last.End < MaxHole;
            if (goesOn)
            {
                places[^1] = places[^1] with { End = mapping.End };
                hasCode |= mapping.IsExecutable;
                continue;
            }

            RemoveWithoutCode();
            places.Add((mapping.Path, mapping.Start, mapping.End));
            hasCode = mapping.IsExecutable;
        }

        RemoveWithoutCode();
        return places;

        void RemoveWithoutCode()
        {
            if (places.Count > 0 && !hasCode)
                places.RemoveAt(places.Count - 1);
        }
    }
}
