using System.Text.Json;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses.Inventory;
using Osprey.Traces.Model;

namespace Osprey.Cli.Rendering.Json;

/// <summary>Writes what is in a trace as one JSON object; times in nanoseconds, addresses as text.</summary>
internal static class TraceInfoJson
{
    private const int ShownGaps = 20;

    public static void Write(Output output, TraceInfo info, TraceStats stats) =>
        JsonOutput.Write(
            output,
            writer =>
            {
                InventoryAnalysis inventory = info.Inventory;
                writer.WriteStartObject();
                writer.WriteString("name"u8, info.Name);
                writer.WriteString("format"u8, info.Format);
                WriteNumberOrNull(writer, "size", info.Size);
                writer.WriteNumber("samples"u8, inventory.Samples);
                writer.WriteNumber("first"u8, inventory.First);
                writer.WriteNumber("last"u8, inventory.Last);
                writer.WriteNumber("threads"u8, inventory.ThreadCount);
                writer.WriteNumber("threadNames"u8, inventory.ThreadNameCount);
                writer.WriteStartObject("backtraces"u8);
                writer.WriteNumber("samples"u8, inventory.WithBacktrace);
                writer.WriteNumber("frames"u8, inventory.Frames);
                writer.WriteNumber("mostFrames"u8, inventory.MostFrames);
                writer.WriteNumber("distinctAddresses"u8, inventory.Addresses.Count);
                writer.WriteEndObject();
                WriteNumberOrNull(writer, "modules", info.ModuleCount);
                WriteNumberOrNull(writer, "symbols", info.SymbolCount);
                WriteCpus(writer, info);
                if (info.CompleteFrom is ulong from)
                    writer.WriteNumber("completeFrom"u8, from);
                else
                    writer.WriteNull("completeFrom"u8);

                writer.WriteNumber("dictionary"u8, inventory.DictionaryCount);
                WriteTracepoints(writer, inventory);
                WriteGaps(writer, info);
                WriteLosses(writer, stats);
                WriteOddities(writer, inventory);
                WriteFits(writer, info);
                writer.WriteEndObject();
            }
        );

    private static void WriteCpus(Utf8JsonWriter writer, TraceInfo info)
    {
        writer.WriteStartArray("cpus"u8);
        foreach (CpuRing ring in info.Rings)
        {
            writer.WriteStartObject();
            writer.WriteNumber("cpu"u8, ring.Cpu);
            writer.WriteNumber("samples"u8, ring.Samples?.Samples ?? 0);
            if (ring.Samples is { HasTime: true } timed)
            {
                writer.WriteNumber("first"u8, timed.First);
                writer.WriteNumber("last"u8, timed.Last);
                writer.WriteNumber("startsAfter"u8, ring.StartsAfter);
            }

            writer.WriteNumber("bytes"u8, ring.Samples?.Bytes ?? 0);
            writer.WriteNumber("outOfOrder"u8, ring.Samples?.OutOfOrder ?? 0);
            WriteNumberOrNull(writer, "chunkBytes", ring.ChunkSize);
            writer.WriteNumber("ringBytes"u8, ring.Samples?.RingBytes ?? 0);
            writer.WriteNumber("ringCapacity"u8, ring.Capacity);
            writer.WriteString(
                "ring"u8,
                ring.State switch
                {
                    RingState.HasRoom => "has room",
                    RingState.Wrapped => "wrapped",
                    RingState.ProbablyWrapped => "probably wrapped",
                    _ => "unknown",
                }
            );
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTracepoints(Utf8JsonWriter writer, InventoryAnalysis inventory)
    {
        writer.WriteStartArray("tracepoints"u8);
        foreach (TracepointInventory item in inventory.Tracepoints)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, item.Tracepoint.Name);
            writer.WriteString("key"u8, $"0x{item.Tracepoint.Key:x}");
            writer.WriteString("signature"u8, item.Tracepoint.Signature);
            writer.WriteString("format"u8, item.Tracepoint.Format);
            writer.WriteNumber("count"u8, item.Count);
            writer.WriteNumber("withBacktrace"u8, item.WithBacktrace);
            writer.WriteBoolean("fitsFormat"u8, item.FitsFormat);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteGaps(Utf8JsonWriter writer, TraceInfo info)
    {
        writer.WriteStartArray("gaps"u8);
        foreach (TraceGap gap in info.FindGaps(ShownGaps))
        {
            writer.WriteStartObject();
            writer.WriteNumber("cpu"u8, gap.Cpu);
            writer.WriteNumber("from"u8, gap.From);
            writer.WriteNumber("to"u8, gap.To);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteLosses(Utf8JsonWriter writer, TraceStats stats)
    {
        if (stats.Damage is { } damage)
        {
            writer.WriteStartObject("damage"u8);
            writer.WriteNumber("offset"u8, damage.Offset);
            writer.WriteString("problem"u8, damage.Problem);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("damage"u8);
        }

        writer.WriteStartObject("losses"u8);
        foreach ((LossKind kind, long amount) in stats.EnumerateLosses())
            writer.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), amount);

        writer.WriteEndObject();
    }

    private static void WriteOddities(Utf8JsonWriter writer, InventoryAnalysis inventory)
    {
        writer.WriteStartObject("oddities"u8);
        writer.WriteNumber("outOfOrder"u8, inventory.OutOfOrder);
        writer.WriteNumber("withoutThread"u8, inventory.WithoutThread);
        writer.WriteNumber("withoutTime"u8, inventory.WithoutTime);
        writer.WriteNumber("badTracepointTexts"u8, inventory.Text.BadTracepoints);
        writer.WriteNumber("badThreadNames"u8, inventory.Text.BadThreadNames);
        writer.WriteNumber("badArguments"u8, inventory.Text.BadArguments);
        writer.WriteNumber("cutArguments"u8, inventory.Text.CutArguments);
        writer.WriteEndObject();
    }

    private static void WriteFits(Utf8JsonWriter writer, TraceInfo info)
    {
        writer.WriteStartArray("elfs"u8);
        foreach (ElfFit fit in info.ElfFits)
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, fit.Path);
            writer.WriteBoolean("fits"u8, fit.IsFit);
            writer.WriteNumber("addresses"u8, fit.Addresses);
            writer.WriteNumber("afterCall"u8, fit.AfterCall);
            writer.WriteNumber("tracepoints"u8, fit.Keys);
            writer.WriteNumber("namedTracepoints"u8, fit.NamedKeys);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is long number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
