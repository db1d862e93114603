using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Target.Architectures;
using Osprey.Target.Backends.CoreFile.Kdump;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>
/// A guest as a file shows it: an ELF core or a kdump-compressed file, as QEMU's <c>dump-guest-memory</c> writes them.
/// </summary>
/// <remarks>
/// Files may be of any size: they are mapped, and of kdump files only headers and bitmaps are read to open them. A file
/// that was cut short gives what is there. The file must not be cut shorter while it is open.
/// </remarks>
public sealed class CoreTarget : GuestTarget
{
    private const int MaxNotesSize = 64 << 20;

    private readonly ByteSource _source;
    private readonly IReadOnlyList<RegisterSet> _cpus;
    private readonly List<string> _notes;
    private readonly KdumpMemory? _kdump;

    private CoreTarget(
        ByteSource source,
        IPhysicalMemory memory,
        IReadOnlyList<RegisterSet> cpus,
        List<string> notes,
        KdumpMemory? kdump
    )
    {
        _source = source;
        Memory = memory;
        _cpus = cpus;
        _notes = notes;
        _kdump = kdump;
    }

    /// <inheritdoc/>
    public override string Name => $"core {_source.Name}";

    /// <inheritdoc/>
    public override TargetAccess Access => TargetAccess.Core;

    /// <inheritdoc/>
    public override Architecture Architecture => _cpus.Count > 0 ? _cpus[0].Architecture : KnownArchitectures.All[0];

    /// <inheritdoc/>
    public override IPhysicalMemory Memory { get; }

    /// <inheritdoc/>
    public override int CpuCount => _cpus.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
        _kdump is { DamagedPages: > 0 }
            ? [.. _notes, $"{_kdump.DamagedPages} pages could not be unpacked and count as unreadable"]
            : _notes;

    /// <summary>The guest's programs, where <c>osprey dump</c> wrote the core; empty otherwise.</summary>
    public IReadOnlyList<CoreProgram> Programs { get; private init; } = [];

    /// <summary>Opens a core.</summary>
    /// <exception cref="TargetException">
    /// It can't be opened, or is not a guest's memory; the message says what it is.
    /// </exception>
    /// <exception cref="BadDataException">Its headers are malformed.</exception>
    public static CoreTarget Open(string path)
    {
        try
        {
            return Open(ByteSource.OpenFile(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TargetException(
                TargetProblem.CoreNotOpened,
                $"{path} can't be opened: {FileProblem.DescribeWithoutPath(e)}",
                e
            );
        }
    }

    /// <summary>Reads a core that is open already; it is owned from then on.</summary>
    /// <exception cref="TargetException">It is not a guest's memory; the message says what it is.</exception>
    /// <exception cref="BadDataException">Its headers are malformed.</exception>
    public static CoreTarget Open(ByteSource source)
    {
        try
        {
            return OpenOwned(source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override RegisterSet ReadRegisters(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        if (cpu >= _cpus.Count)
            throw _cpus.Count == 0
                ? new TargetException(TargetProblem.NoRegisters, $"{_source.Name} holds no registers")
                : TargetException.NoSuchCpu(_source.Name, _cpus.Count, cpu);

        return _cpus[cpu].Copy();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _kdump?.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private static CoreTarget OpenOwned(ByteSource source)
    {
        Span<byte> start = stackalloc byte[16];
        start = start[..source.Read(0, start)];
        if (start.StartsWith("\x7f"u8) && start[1..].StartsWith("ELF"u8))
            return OpenElf(source);

        if (start.StartsWith(KdumpHeader.Signature))
            return OpenKdump(source, []);

        if (start.StartsWith(FlattenedSource.Signature))
        {
            FlattenedSource flattened = FlattenedSource.Open(source);
            Span<byte> inner = stackalloc byte[8];
            bool isWhole = flattened.Read(0, inner) == inner.Length;
            if (isWhole && inner.StartsWith("\x7f"u8) && inner[1..].StartsWith("ELF"u8))
                return OpenElf(flattened);

            if (!isWhole || !inner.SequenceEqual(KdumpHeader.Signature))
                throw new TargetException(
                    TargetProblem.NotAGuestCore,
                    $"{source.Name} is a flattened file, but neither of an ELF core nor of a kdump-compressed one"
                );

            return OpenKdump(
                flattened,
                flattened.IsComplete ? [] : [$"{source.Name} is cut short: its end is missing"]
            );
        }

        if (FindCompression(start) is { } compression)
            throw new TargetException(
                TargetProblem.CompressedCore,
                $"{source.Name} is compressed with {compression}: unpack it first"
            );

        string what = start.StartsWith("PAGE"u8)
            ? "a Windows crash dump, which is not read"
            : "neither an ELF core nor a kdump-compressed file";
        throw new TargetException(TargetProblem.NotAGuestCore, $"{source.Name} is {what}");
    }

    private static string? FindCompression(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? "gzip"
        : start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? "zstd"
        : start.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? "xz"
        : start.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4d, 0x18]) ? "lz4"
        : start.StartsWith("BZh"u8) ? "bzip2"
        : start.StartsWith("PK\u0003\u0004"u8) ? "zip"
        : null;

    private static CoreTarget OpenElf(ByteSource source)
    {
        CoreElf elf = CoreElf.Read(source);
        if (elf.Type != ElfType.Core)
            throw new TargetException(TargetProblem.NotAGuestCore, $"{source.Name} is an ELF file, but not a core");

        var notes = new List<string>();
        var cpus = new CoreNotes();
        foreach (ElfSegment segment in elf.Segments)
        {
            if (segment.Type != ElfSegmentType.Note || segment.Offset > (ulong)source.Length)
                continue;

            ulong size = Math.Min(segment.FileSize, (ulong)source.Length - segment.Offset);
            AddNotes(cpus, source, (long)segment.Offset, (long)Math.Min(size, MaxNotesSize), elf.Machine, notes);
        }

        if (cpus.IsOfProcess || !CoreSegments.HavePhysicalAddresses(elf.Segments))
            throw new TargetException(
                TargetProblem.NotAGuestCore,
                $"{source.Name} is the core of a process (no physical addresses), not a guest's memory"
            );

        SegmentedMemory memory = CoreSegments.Build(source, elf.Segments, notes);
        return new CoreTarget(source, memory, KeepKnown(cpus, elf.Machine, notes), notes, null)
        {
            Programs = cpus.Programs,
        };
    }

    private static CoreTarget OpenKdump(ByteSource source, List<string> notes)
    {
        KdumpHeader header = KdumpHeader.Read(source);
        var cpus = new CoreNotes();
        long size = Math.Clamp(source.Length - header.NotesOffset, 0, Math.Min(header.NotesSize, MaxNotesSize));
        ElfMachine machine = header.Machine switch
        {
            "x86_64" => ElfMachine.X64,
            "i386" or "i686" => ElfMachine.I386,
            "aarch64" => ElfMachine.Arm64,

            // QEMU 10 names no machine ("Unknown"); the form of its notes tells.
            _ => CoreNotes.FindMachine(source.Slice(header.NotesOffset, size).Span),
        };
        AddNotes(cpus, source, header.NotesOffset, size, machine, notes);
        var memory = new KdumpMemory(source, header);
        return new CoreTarget(source, new CachedPhysicalMemory(memory), KeepKnown(cpus, machine, notes), notes, memory);
    }

    private static void AddNotes(
        CoreNotes cpus,
        ByteSource source,
        long offset,
        long size,
        ElfMachine machine,
        List<string> notes
    )
    {
        cpus.Add(source.Slice(offset, size).Span, machine);
        if (cpus.IsCutShort)
            notes.Add($"{source.Name}: the notes with the registers are cut short");
    }

    private static IReadOnlyList<RegisterSet> KeepKnown(CoreNotes cpus, ElfMachine machine, List<string> notes)
    {
        if (KnownArchitectures.Find(machine) is null)
            notes.Add($"registers of machine {machine} are not read");

        if (cpus.Cpus.Count == 0)
            notes.Add("the core holds no registers");

        return cpus.Cpus;
    }
}
