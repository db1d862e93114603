using Osprey.Cli.Rendering.Listings;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses.Inventory;
using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Writes what is in a trace as text.</summary>
internal static class TraceInfoText
{
    private const int ShownGaps = 5;

    public static void Write(Utf8Builder text, TraceInfo info, TraceStats stats)
    {
        WriteHead(text, info);
        WriteCpus(text, info);
        WriteOverwritten(text, info.Recorded);
        WriteTracepoints(text, info.Inventory);
        IReadOnlyList<TraceGap> gaps = info.FindGaps(ShownGaps);
        if (gaps.Count > 0)
        {
            text.Append("\nLongest stretches without samples, where a CPU usually has many:\n\n"u8);
            foreach (TraceGap gap in gaps)
                text.Append(
                    $"  CPU {gap.Cpu, 4}: {Seconds(gap.From)} - {Seconds(gap.To)} = {TimeText.Human(gap.Length), 10}\n"
                );
        }

        WriteList(text, "Lost", TraceInfoRemarks.OfLosses(info, stats));
        WriteList(text, "Odd", TraceInfoRemarks.OfOddities(info));
        foreach (ElfFit fit in info.ElfFits)
            WriteFit(text, fit);
    }

    /// <summary>A time as listings show it.</summary>
    internal static string Seconds(ulong nanoseconds)
    {
        var text = new Utf8Builder(32);
        TimeText.AppendSeconds(text, nanoseconds);
        return text.ToString();
    }

    private static void WriteHead(Utf8Builder text, TraceInfo info)
    {
        InventoryAnalysis inventory = info.Inventory;
        text.Append($"{info.Name}: {info.Format}");
        text.Append(info.Size is long size ? $", {size} bytes ({ByteSize.Format(size)})\n\n" : "\n\n");
        text.Append($"  samples      {inventory.Samples}\n");
        text.Append(
            $"  time         {Seconds(inventory.First)} - {Seconds(inventory.Last)} = "
                + $"{TimeText.Human(inventory.Last - inventory.First)}\n"
        );
        text.Append($"  threads      {inventory.ThreadCount} with {inventory.ThreadNameCount} names\n");
        text.Append(
            $"  tracepoints  {inventory.Tracepoints.Count} with samples, "
                + $"{inventory.DictionaryCount} in the dictionary\n"
        );
        text.Append("  backtraces   "u8);
        if (inventory.WithBacktrace == 0)
            text.Append("none\n"u8);
        else
            text.Append(
                $"{Percent(inventory.WithBacktrace, inventory.Samples)} of the samples; "
                    + $"{(double)inventory.Frames / inventory.WithBacktrace:F1} frames on average, "
                    + $"{inventory.MostFrames} at most; {inventory.Addresses.Count} distinct return addresses\n"
            );

        if (info.ModuleCount is int modules)
            text.Append($"  symbols      {info.SymbolCount} of {modules} ELF objects\n");

        if (info.Facts is { } facts)
        {
            text.Append($"  recorded     {TerminalText.Escape($"{facts.System}, {facts.Guest}")}\n");
            text.Append($"  begun        {TerminalText.Escape(facts.Begun)}\n");
        }
    }

    private static void WriteCpus(Utf8Builder text, TraceInfo info)
    {
        if (info.Rings.Count == 0)
            return;

        text.Append("\nCPUs, with how full each one's ring of "u8);
        text.Append($"{ByteSize.Format(info.Rings[0].Capacity)} was:\n\n");
        text.Append("   CPU    samples          first           last     bytes      ring\n"u8);
        foreach (CpuRing ring in info.Rings)
        {
            text.Append($"  {ring.Cpu, 4} {ring.Samples?.Samples ?? 0, 10} ");
            text.Append(
                ring.Samples is { HasTime: true } timed
                    ? $"{Seconds(timed.First), 14} {Seconds(timed.Last), 14} "
                    : $"{"-", 14} {"-", 14} "
            );
            long used = ring.Samples?.RingBytes ?? 0;
            string full = info.IsFollowed ? "-" : Percent(used, ring.Capacity);
            text.Append($"{ring.Samples?.Bytes ?? 0, 9} {full, 9}");
            text.Append(
                ring.State switch
                {
                    RingState.Wrapped => "  wrapped",
                    RingState.ProbablyWrapped => "  probably wrapped",
                    RingState.Unknown => "  more than it holds",
                    _ => "",
                }
            );
            if (ring.StartsAfter > 0)
                text.Append($"  starts {TimeText.Human(ring.StartsAfter)} late");

            text.Append((byte)'\n');
        }
    }

    private static void WriteOverwritten(Utf8Builder text, IReadOnlyList<RecordedCpu> cpus)
    {
        if (!cpus.Any(cpu => cpu.EarlierBytes > 0 || cpu.LostBytes > 0))
            return;

        text.Append("\nOverwritten by the guest, bytes exactly and samples about:\n\n"u8);
        text.Append("   CPU  before the trace: samples           bytes   in it: samples           bytes  gaps\n"u8);
        foreach (RecordedCpu cpu in cpus)
            text.Append(
                $"  {cpu.Cpu, 4} {cpu.EarlierSamples, 26} {cpu.EarlierBytes, 15} {cpu.LostSamples, 16} "
                    + $"{cpu.LostBytes, 15} {cpu.Gaps, 5}\n"
            );
    }

    private static void WriteTracepoints(Utf8Builder text, InventoryAnalysis inventory)
    {
        if (inventory.Tracepoints.Count == 0)
            return;

        text.Append("\nTracepoints:\n\n"u8);
        int name = inventory.Tracepoints.Max(item => item.Tracepoint.Name.Length);
        int signature = Math.Max(
            "signature".Length,
            inventory.Tracepoints.Max(item => item.Tracepoint.Signature.Length)
        );
        text.Append(
            $"  {"key", -18} {"count", 10} {"backtrace", 9}  {"name".PadRight(name)} "
                + $"{"signature".PadRight(signature)} format\n"
        );
        foreach (TracepointInventory item in inventory.Tracepoints)
        {
            string line =
                $"  0x{item.Tracepoint.Key:x16} {item.Count, 10} {Percent(item.WithBacktrace, item.Count), 9}  "
                + $"{item.Tracepoint.Name.PadRight(name)} {item.Tracepoint.Signature.PadRight(signature)} "
                + $"{item.Tracepoint.Format}";
            text.Append(line.TrimEnd());
            text.Append((byte)'\n');
        }
    }

    private static void WriteList(Utf8Builder text, string heading, IReadOnlyList<string> lines)
    {
        text.Append($"\n{heading}:{(lines.Count == 0 ? " nothing" : "\n")}\n");
        foreach (string line in lines)
            text.Append($"  {line}\n");
    }

    private static void WriteFit(Utf8Builder text, ElfFit fit)
    {
        text.Append(
            !fit.IsFit ? $"\n{fit.Path}: does not fit\n\n"
            : fit.Addresses + fit.Keys == 0 ? $"\n{fit.Path}: nothing of the trace lies in it\n\n"
            : $"\n{fit.Path}: fits\n\n"
        );
        text.Append(
            $"  {fit.AfterCall} of {fit.Addresses} distinct return addresses in its code follow a "
                + $"call{Share(fit.CallShare)}\n"
        );
        text.Append(
            fit.Keys == 0
                ? "  its symbols have no tracepoints of the trace\n"
                : $"  {fit.NamedKeys} of {fit.Keys} tracepoints are where its symbols have them{Share(fit.KeyShare)}\n"
        );
    }

    private static string Share(double? share) =>
        share is double value ? $" ({Math.Floor(value * 1000) / 10:F1} %)" : "";

    private static string Percent(long part, long whole) => whole == 0 ? "-" : $"{(double)part * 100 / whole:F1} %";
}
