using System.Text.Json;
using Osprey.Binary;
using Osprey.Session.Answers.Traces.Recordings;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses.Inventory;
using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Model;

namespace Osprey.Session.Answers.Traces.Files;

/// <summary>The answer to: what is in a trace file, what of it was lost, and what is odd about it?</summary>
/// <param name="Info">The contents.</param>
/// <param name="Stats">The losses.</param>
public sealed record TraceInfoAnswer(TraceInfo Info, TraceStats Stats)
{
    private const int ShownGaps = 20;

    private static readonly Shape<InventoryAnalysis> s_backtraces = new Shape<InventoryAnalysis>("backtraces")
        .Integer("samples", inventory => inventory.WithBacktrace)
        .Integer("frames", inventory => inventory.Frames)
        .Integer("mostFrames", inventory => inventory.MostFrames)
        .Integer("distinctAddresses", inventory => inventory.Addresses.Count);

    private static readonly Shape<TracepointInventory> s_tracepoint = new Shape<TracepointInventory>("tracepoints")
        .Text("name", item => item.Tracepoint.Name)
        .Address("key", item => item.Tracepoint.Key)
        .Text("signature", item => item.Tracepoint.Signature)
        .Text("format", item => item.Tracepoint.Format)
        .Integer("count", item => item.Count)
        .Integer("withBacktrace", item => item.WithBacktrace)
        .Boolean("fitsFormat", item => item.FitsFormat);

    private static readonly Shape<TraceGap> s_gap = new Shape<TraceGap>("gaps")
        .Integer("cpu", gap => gap.Cpu)
        .Time("from", gap => gap.From)
        .Time("to", gap => gap.To);

    private static readonly Shape<BadDataException> s_damage = new Shape<BadDataException>("damage")
        .Integer("offset", damage => damage.Offset)
        .Text("problem", damage => damage.Problem);

    private static readonly Shape<InventoryAnalysis> s_oddities = new Shape<InventoryAnalysis>("oddities")
        .Integer("outOfOrder", inventory => inventory.OutOfOrder)
        .Integer("withoutThread", inventory => inventory.WithoutThread)
        .Integer("withoutTime", inventory => inventory.WithoutTime)
        .Integer("badTracepointTexts", inventory => inventory.Text.BadTracepoints)
        .Integer("badThreadNames", inventory => inventory.Text.BadThreadNames)
        .Integer("badArguments", inventory => inventory.Text.BadArguments)
        .Integer("cutArguments", inventory => inventory.Text.CutArguments);

    private static readonly Shape<RecordingFacts> s_recording = new Shape<RecordingFacts>("recording")
        .Text("system", facts => facts.System)
        .Text("guest", facts => facts.Guest)
        .Text("begun", facts => facts.Begun)
        .Text("method", facts => facts.Method)
        .Integer("cpus", facts => facts.CpuCount);

    private static readonly Shape<ElfFit> s_fit = new Shape<ElfFit>("elfs")
        .Text("path", fit => fit.Path)
        .Boolean("fits", fit => fit.IsFit)
        .Integer("addresses", fit => fit.Addresses)
        .Integer("afterCall", fit => fit.AfterCall)
        .Integer("tracepoints", fit => fit.Keys)
        .Integer("namedTracepoints", fit => fit.NamedKeys);

    /// <summary>The columns.</summary>
    public static Shape<TraceInfoAnswer> Shape { get; } =
        new Shape<TraceInfoAnswer>("traces")
            .Text("name", answer => answer.Info.Name)
            .Text("format", answer => answer.Info.Format)
            .Size("size", answer => answer.Info.Size)
            .Integer("samples", answer => answer.Info.Inventory.Samples)
            .Time("first", answer => answer.Info.Inventory.First)
            .Time("last", answer => answer.Info.Inventory.Last)
            .Integer("threads", answer => answer.Info.Inventory.ThreadCount)
            .Integer("threadNames", answer => answer.Info.Inventory.ThreadNameCount)
            .Record("backtraces", answer => answer.Info.Inventory, s_backtraces)
            .Integer("modules", answer => answer.Info.ModuleCount)
            .Integer("symbols", answer => answer.Info.SymbolCount)
            .Records("cpus", answer => answer.Info.Rings, () => CpuRingShape.Shape)
            .Time("completeFrom", answer => answer.Info.CompleteFrom)
            .Integer("dictionary", answer => answer.Info.Inventory.DictionaryCount)
            .Records("tracepoints", answer => answer.Info.Inventory.Tracepoints, () => s_tracepoint)
            .Records("gaps", answer => answer.Info.FindGaps(ShownGaps), () => s_gap)
            .Record("damage", answer => answer.Stats.Damage, s_damage)
            .Map(
                "losses",
                (answer, writer) =>
                {
                    foreach ((LossKind kind, long amount) in answer.Stats.EnumerateLosses())
                    {
                        string name = JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
                        writer.Integer(new Column(name, ColumnKind.Integer), amount);
                    }
                }
            )
            .Record("oddities", answer => answer.Info.Inventory, s_oddities)
            .Record("recording", answer => answer.Info.Facts, s_recording)
            .Optional()
            .Records(
                "overwritten",
                answer => answer.Info.Recorded.Count > 0 ? answer.Info.Recorded : null,
                () => RecordedCpuShape.Shape
            )
            .Optional()
            .Records("elfs", answer => answer.Info.ElfFits, () => s_fit);
}
