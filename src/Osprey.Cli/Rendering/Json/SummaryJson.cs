using System.Text.Json;
using Osprey.Cli.Rendering.Streams;
using Osprey.Traces.Analyses.Summaries;

namespace Osprey.Cli.Rendering.Json;

/// <summary>Writes a summary as one JSON object; times in nanoseconds.</summary>
internal static class SummaryJson
{
    private static readonly (string Name, double Fraction)[] s_percentiles =
    [
        ("min", 0),
        ("p50", 0.5),
        ("p90", 0.9),
        ("p99", 0.99),
        ("p99.9", 0.999),
        ("max", 1),
    ];

    public static void Write(Output output, SummaryAnalysis summary, bool isTimed) =>
        JsonOutput.Write(
            output,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("samples"u8, summary.Count);
                writer.WriteNumber("first"u8, summary.First);
                writer.WriteNumber("last"u8, summary.Last);
                writer.WriteStartArray("cpus"u8);
                foreach (CpuTimes cpu in summary.Cpus)
                {
                    writer.WriteStartObject();
                    if (cpu.Cpu == uint.MaxValue)
                        writer.WriteNull("cpu"u8);
                    else
                        writer.WriteNumber("cpu"u8, cpu.Cpu);

                    writer.WriteNumber("samples"u8, cpu.Count);
                    writer.WriteNumber("first"u8, cpu.First);
                    writer.WriteNumber("last"u8, cpu.Last);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteStartArray("tracepoints"u8);
                foreach (TracepointCount item in summary.Tracepoints)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name"u8, item.Tracepoint.Name);
                    writer.WriteString("key"u8, $"0x{item.Tracepoint.Key:x}");
                    writer.WriteNumber("count"u8, item.Count);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                if (isTimed)
                    WriteDurations(writer, summary);

                writer.WriteEndObject();
            }
        );

    private static void WriteDurations(Utf8JsonWriter writer, SummaryAnalysis summary)
    {
        writer.WriteStartArray("timed"u8);
        foreach (DurationStatistics item in summary.Durations)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, item.Name);
            writer.WriteNumber("count"u8, item.Count);
            foreach ((string name, double fraction) in s_percentiles)
                writer.WriteNumber(name, item.Percentile(fraction));

            writer.WriteNumber("total"u8, item.Total);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
