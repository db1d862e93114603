using Osprey.Session.Answers.Traces.Summaries;
using Osprey.Traces.Analyses.Summaries;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Writes a summary as text.</summary>
internal static class SummaryText
{
    public static void Write(Utf8Builder text, SummaryAnswer answer, bool isCompat)
    {
        SummaryAnalysis summary = answer.Summary;
        if (summary.Count == 0)
        {
            text.Append("No samples\n"u8);
            return;
        }

        text.Append($"Collected {summary.Count} samples spanning ");
        TimeText.AppendHuman(text, summary.Last - (isCompat ? summary.FirstAsReference : summary.First));
        text.Append("\n\nTime ranges:\n\n"u8);
        foreach (CpuTimes cpu in summary.Cpus)
        {
            text.Append("  CPU "u8);
            if (isCompat)
                text.Append($"0x{cpu.Cpu:D2}");
            else
                text.Append(cpu.Cpu == uint.MaxValue ? "   -" : $"{cpu.Cpu, 4}");

            text.Append(": "u8);
            TimeText.AppendSeconds(text, cpu.First, asDouble: isCompat);
            text.Append(" - "u8);
            TimeText.AppendSeconds(text, cpu.Last, asDouble: isCompat);
            text.Append(" = "u8);
            TimeText.AppendHuman(text, cpu.Last - cpu.First, width: 10);
            text.Append((byte)'\n');
        }

        WriteCounts(text, summary);
        if (answer.IsTimed)
            WriteDurations(text, summary, isCompat);

        text.Append((byte)'\n');
    }

    private static void WriteCounts(Utf8Builder text, SummaryAnalysis summary)
    {
        text.Append("\nTracepoint statistics:\n\n"u8);
        int width = summary.Tracepoints.Max(item => Utf8Builder.CountCharacters(item.Tracepoint.NameBytes.Span));
        WriteCount("name"u8, "count");
        WriteCount("----"u8, "-----");
        foreach (TracepointCount item in summary.Tracepoints)
            WriteCount(item.Tracepoint.NameBytes.Span, item.Count.ToString());

        void WriteCount(ReadOnlySpan<byte> name, string count)
        {
            text.Append("  "u8);
            text.AppendLeft(name, width);
            text.Append($" {count, 8}\n");
        }
    }

    private static void WriteDurations(Utf8Builder text, SummaryAnalysis summary, bool isCompat)
    {
        text.Append("\nTimed tracepoints [ms]:\n\n"u8);
        if (summary.Durations.Count == 0)
        {
            text.Append(
                isCompat
                    ? "  None\n"
                    : "  None: the trace has no pair of a tracepoint and its _ret or _err in this range\n"
            );
            return;
        }

        int width = isCompat ? 20 : Math.Max(20, summary.Durations.Max(item => item.Name.Length));
        WriteRow("name", "count", "min", "50%", "90%", "99%", "99.9%", "max", "total");
        WriteRow("----", "-----", "---", "---", "---", "---", "-----", "---", "-----");
        foreach (DurationStatistics item in summary.Durations)
        {
            WriteRow(
                item.Name,
                item.Count.ToString(),
                Milliseconds(item.Percentile(0)),
                Milliseconds(item.Percentile(0.5)),
                Milliseconds(item.Percentile(0.9)),
                Milliseconds(item.Percentile(0.99)),
                Milliseconds(item.Percentile(0.999)),
                Milliseconds(item.Percentile(1)),
                Milliseconds(item.Total)
            );
        }

        void WriteRow(string name, params ReadOnlySpan<string> columns)
        {
            text.Append("  "u8);
            text.Append(name.PadRight(width));
            for (int i = 0; i < columns.Length; i++)
                text.Append(" " + columns[i].PadLeft(i == columns.Length - 1 ? 15 : 8));

            text.Append((byte)'\n');
        }
    }

    private static string Milliseconds(double nanoseconds)
    {
        var text = new Utf8Builder(32);
        TimeText.AppendMilliseconds(text, nanoseconds);
        return text.ToString();
    }
}
