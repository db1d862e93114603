using Osprey.Session.Answers;
using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses.Inventory;
using Osprey.Traces.Formats;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Osvt.Recordings;

namespace Osprey.Session.Traces;

/// <summary>The contents of a trace, and what is missing or odd about it.</summary>
/// <param name="Name">The input's name as the user knows it.</param>
/// <param name="Format">The format with its version.</param>
/// <param name="Size">Size in bytes; null for a pipe.</param>
/// <param name="Inventory">The counts.</param>
/// <param name="Rings">The rings of the guest's CPUs; empty when the trace is not of a guest with rings.</param>
/// <param name="ModuleCount">ELF objects that a dump lists; null in a tracefile.</param>
/// <param name="SymbolCount">Symbols that a dump lists; null in a tracefile.</param>
/// <param name="ElfFits">The ELF files that the user gave, checked.</param>
public sealed record TraceInfo(
    string Name,
    string Format,
    long? Size,
    InventoryAnalysis Inventory,
    IReadOnlyList<CpuRing> Rings,
    int? ModuleCount,
    int? SymbolCount,
    IReadOnlyList<ElfFit> ElfFits
)
{
    /// <summary>The facts that a recording brings; null for other traces.</summary>
    public RecordingFacts? Facts { get; init; }

    /// <summary>The samples and losses of each CPU's ring in a recording; empty for other traces.</summary>
    public IReadOnlyList<RecordedCpu> Recorded { get; init; } = [];

    /// <summary>Tells whether the rings were followed, so that there may be more in the trace than they hold.</summary>
    public bool IsFollowed => Facts?.Method == "record";

    /// <summary>The time in nanoseconds from which on no sample was overwritten; null when none were.</summary>
    public ulong? CompleteFrom =>
        Rings
            .Where(ring =>
                ring.State is RingState.Wrapped or RingState.ProbablyWrapped && ring.Samples is { HasTime: true }
            )
            .Max(ring => ring.Samples?.First);

    /// <summary>Names that several tracepoints have, with the number of these.</summary>
    public IReadOnlyList<(string Name, int Count)> SharedNames =>
        [
            .. from item in Inventory.Tracepoints
            group item by item.Tracepoint.Name into named
            where named.Count() > 1
            select (named.Key, named.Count()),
        ];

    /// <summary>The longest gaps of all CPUs, longest first.</summary>
    /// <param name="count">The most to find.</param>
    public IReadOnlyList<TraceGap> FindGaps(int count) =>
        [
            .. Inventory
                .Cpus.SelectMany(cpu => cpu.Gaps)
                .OrderByDescending(gap => gap.Length)
                .ThenBy(gap => gap.From)
                .Take(count),
        ];

    /// <summary>Reads a trace to its end.</summary>
    /// <param name="trace">Not read from yet.</param>
    /// <param name="settings">Names the ELF files to check.</param>
    /// <param name="context">Told the bytes read so far, now and then; null for none.</param>
    /// <exception cref="FormatException">A module is not <c>PATH@BASE</c>.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static TraceInfo Gather(TraceSession trace, SymbolSettings settings, QuestionContext? context = null)
    {
        var inventory = new InventoryAnalysis(trace.Reader.Tracepoints, trace.Reader.Semantics);
        trace.Run([inventory], context);
        var dump = trace.Reader as OsvtReader;
        OsvtSymbolTables? tables = dump?.ReadSymbols();
        return new TraceInfo(
            trace.Reader.Name,
            trace.Reader.FormatName + (dump is null ? "" : ReadVersion(trace.Path)),
            trace.Reader.Length,
            inventory,
            [
                .. CpuRing
                    .Judge(inventory.Cpus, dump?.CpuBytes, trace.Reader.Semantics.Ring)
                    .Select(ring => JudgeRecorded(ring, dump?.Recorded ?? [])),
            ],
            tables?.Modules.Count,
            tables?.Symbols.Count,
            ElfFit.CheckFiles(
                settings,
                inventory.Addresses.All,
                [.. inventory.Tracepoints.Select(item => item.Tracepoint)]
            )
        )
        {
            Facts = dump?.Facts,
            Recorded = dump?.Recorded ?? [],
        };
    }

    /// <summary>A recording says how large a ring is, and whether anything in it had been overwritten.</summary>
    private static CpuRing JudgeRecorded(CpuRing ring, IReadOnlyList<RecordedCpu> recorded) =>
        recorded.FirstOrDefault(cpu => cpu.Cpu == ring.Cpu) is { RingSize: > 0 } known
            ? ring with
            {
                Capacity = known.RingSize,
                State = known.EarlierBytes > 0 ? RingState.Wrapped : RingState.HasRoom,
            }
            : ring;

    private static string ReadVersion(string path)
    {
        if (path == TraceSession.StandardInput)
            return "";

        using TraceInput input = TraceInput.OpenFile(path);
        return OsvtVersion.TryRead(input.Head) is OsvtVersion version ? $" version {version}" : "";
    }
}
