using System.Buffers.Binary;
using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Target.Architectures;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Processes;

/// <summary>
/// A process that ended, as its core file shows it: its own addresses stand for physical ones. Only cores of programs
/// that have Osprey's tracing are opened: others are nothing that Osprey reads.
/// </summary>
public sealed class ProcessCoreTarget : GuestTarget, IProgramFacts
{
    private const ulong Magic = 0x5254_5945_5250_534F; // "OSPREYTR"
    private const int SelfOffset = 16; // where the region says its own address
    private const int RegionStart = 24;
    private const ulong PageSize = 4096;
    private const uint Executable = 1; // PF_X

    private readonly ByteSource _source;
    private readonly IReadOnlyList<ElfSegment> _segments;
    private readonly List<string> _notes;
    private bool _askedForNames;

    private ProcessCoreTarget(ByteSource source, IReadOnlyList<ElfSegment> segments)
    {
        _source = source;
        _segments = segments;
        _notes = [];
        Memory = CoreSegments.Build(source, segments, _notes);
    }

    /// <inheritdoc/>
    public override string Name => $"core {_source.Name} of a process";

    /// <inheritdoc/>
    public string Description => Name;

    /// <inheritdoc/>
    public override TargetAccess Access => TargetAccess.Core;

    /// <inheritdoc/>
    public override Architecture Architecture => KnownArchitectures.All[0];

    /// <inheritdoc/>
    public override IPhysicalMemory Memory { get; }

    /// <inheritdoc/>
    public override int CpuCount => 0;

    /// <inheritdoc/>
    public override IProgramFacts Program => this;

    /// <inheritdoc/>
    public string? NamesProblem =>
        _askedForNames ? "a core file of a process does not say the names of compiled code" : null;

    /// <inheritdoc/>
    public bool? IsRunning => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => NamesProblem is { } problem ? [.. _notes, problem] : _notes;

    /// <summary>Opens the core file of a process that has Osprey's tracing; null when it is none.</summary>
    /// <exception cref="BadDataException">Its headers are malformed.</exception>
    /// <exception cref="IOException">It can't be opened.</exception>
    public static ProcessCoreTarget? TryOpen(string path)
    {
        ByteSource source = ByteSource.OpenFile(path);
        ProcessCoreTarget? target = null;
        try
        {
            CoreElf elf = CoreElf.Read(source);
            // In a process's core the link addresses are those of the process, and physical ones are 0.
            ElfSegment[] segments =
            [
                .. elf
                    .Segments.Where(segment => segment.Type == ElfSegmentType.Load && segment.FileSize != 0)
                    .Select(segment => segment with { PhysicalLinkAddress = segment.LinkAddress }),
            ];
            if (elf is { Is64Bit: true, Type: ElfType.Core } && SplitAtRegion(source, segments) is { } split)
                target = new ProcessCoreTarget(source, split);

            return target;
        }
        finally
        {
            if (target is null)
                source.Dispose();
        }
    }

    /// <inheritdoc/>
    public override RegisterSet ReadRegisters(int cpu) =>
        throw new TargetException(TargetProblem.NoRegisters, $"{Name} is no guest: it has no vCPUs");

    /// <inheritdoc/>
    public IReadOnlyList<ProgramMapping> ReadMappings() =>
        [
            .. _segments
                .OrderBy(segment => segment.LinkAddress)
                .Select(segment => new ProgramMapping(
                    segment.LinkAddress,
                    unchecked(segment.LinkAddress + segment.FileSize),
                    true,
                    (segment.Flags & Executable) != 0,
                    ""
                )),
        ];

    /// <inheritdoc/>
    public IReadOnlyList<TableSymbol> ReadCodeNames()
    {
        _askedForNames = true;
        return [];
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();

        base.Dispose(disposing);
    }

    /// <summary>
    /// Finds the tracing's memory, and makes it begin a segment: the runtime's own dumps join mappings that touch.
    /// </summary>
    /// <returns>Null when it is nowhere.</returns>
    private static List<ElfSegment>? SplitAtRegion(ByteSource source, ElfSegment[] segments)
    {
        Span<byte> start = stackalloc byte[RegionStart];
        foreach (ElfSegment segment in segments)
        {
            for (ulong at = 0; at < segment.FileSize; at += PageSize)
            {
                if (
                    segment.Offset > long.MaxValue - at
                    || source.Read((long)(segment.Offset + at), start) != start.Length
                )
                    break;

                ulong address = unchecked(segment.LinkAddress + at);
                if (
                    BinaryPrimitives.ReadUInt64LittleEndian(start) == Magic
                    && BinaryPrimitives.ReadUInt64LittleEndian(start[SelfOffset..]) == address
                )
                {
                    ElfSegment before = segment with { FileSize = at };
                    ElfSegment after = segment with
                    {
                        Offset = segment.Offset + at,
                        LinkAddress = address,
                        PhysicalLinkAddress = address,
                        FileSize = segment.FileSize - at,
                    };
                    return
                    [
                        .. segments.Where(other => other != segment),
                        .. at == 0 ? [] : (ElfSegment[])[before],
                        after,
                    ];
                }
            }
        }

        return null;
    }
}
