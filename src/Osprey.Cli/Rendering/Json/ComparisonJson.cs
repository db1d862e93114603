using System.Text.Json;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Traces.Changes;
using Osprey.Traces.Analyses.Comparison;

namespace Osprey.Cli.Rendering.Json;

/// <summary>Writes what differs between two traces as one JSON object; durations in nanoseconds.</summary>
internal static class ComparisonJson
{
    public static void Write(Output output, TraceComparison comparison, int limit, double? failOver) =>
        JsonOutput.Write(
            output,
            writer =>
            {
                writer.WriteStartObject();
                WriteTrace(writer, "a", comparison.A);
                WriteTrace(writer, "b", comparison.B);
                writer.WriteBoolean("absolute"u8, comparison.IsAbsolute);
                writer.WriteStartArray("tracepoints"u8);
                foreach (TracepointDifference item in Limit(comparison.Tracepoints, limit))
                {
                    writer.WriteStartObject();
                    writer.WriteString("name"u8, item.Name);
                    writer.WriteNumber("countA"u8, item.CountA);
                    writer.WriteNumber("countB"u8, item.CountB);
                    WriteChange(writer, item.Compared);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteStartArray("timed"u8);
                foreach (DurationDifference item in Limit(comparison.Durations, limit))
                {
                    writer.WriteStartObject();
                    writer.WriteString("name"u8, item.Name);
                    writer.WriteNumber("countA"u8, item.A?.Count ?? 0);
                    writer.WriteNumber("countB"u8, item.B?.Count ?? 0);
                    WriteChange(writer, "p50", item.Median);
                    WriteChange(writer, "p99", item.Percentile99);
                    WriteChange(writer, "total", item.Total);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                if (comparison.Profile is ProfileDifference profile)
                {
                    writer.WriteStartObject("profile"u8);
                    writer.WriteString("unit"u8, profile.UsesTime ? "ns" : "hits");
                    writer.WritePropertyName("root"u8);
                    WriteNode(writer, profile, profile.Root, profile.FindBiggest(limit));
                    writer.WriteEndObject();
                }

                if (failOver is double fraction)
                    WriteGrowth(writer, comparison, fraction);

                writer.WriteEndObject();
            }
        );

    private static void WriteTrace(Utf8JsonWriter writer, string name, ComparedTrace trace)
    {
        writer.WriteStartObject(name);
        writer.WriteString("name"u8, trace.Name);
        writer.WriteNumber("samples"u8, trace.Samples);
        writer.WriteNumber("span"u8, trace.Span);
        writer.WriteEndObject();
    }

    private static void WriteNode(
        Utf8JsonWriter writer,
        ProfileDifference profile,
        ProfileDifferenceNode node,
        IReadOnlySet<ProfileDifferenceNode> shown
    )
    {
        writer.WriteStartObject();
        ProfileJson.WriteFrames(writer, node.Text, node.Tail);
        writer.WriteNumber("hitsA"u8, node.HitsA);
        writer.WriteNumber("hitsB"u8, node.HitsB);
        writer.WriteNumber("durationA"u8, node.DurationA);
        writer.WriteNumber("durationB"u8, node.DurationB);
        WriteChange(writer, profile.ChangeOf(node));
        ProfileDifferenceNode[] children = [.. profile.Order(node.Children.Where(shown.Contains))];
        if (children.Length > 0)
        {
            writer.WriteStartArray("children"u8);
            foreach (ProfileDifferenceNode child in children)
                WriteNode(writer, profile, child, shown);

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteGrowth(Utf8JsonWriter writer, TraceComparison comparison, double fraction)
    {
        writer.WriteStartArray("grown"u8);
        foreach ((string what, Change change) in comparison.EnumerateGrowth(fraction))
        {
            writer.WriteStartObject();
            writer.WriteString("what"u8, what);
            WriteChange(writer, change);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteChange(Utf8JsonWriter writer, string name, Change change)
    {
        writer.WriteStartObject(name);
        WriteChange(writer, change);
        writer.WriteEndObject();
    }

    private static void WriteChange(Utf8JsonWriter writer, Change change)
    {
        writer.WriteNumber("a"u8, change.A);
        writer.WriteNumber("b"u8, change.B);
        writer.WriteNumber("delta"u8, change.Delta);
        if (change.Ratio is double ratio)
            writer.WriteNumber("ratio"u8, ratio);
        else
            writer.WriteNull("ratio"u8);
    }

    private static IEnumerable<T> Limit<T>(IReadOnlyList<T> items, int limit) => limit == 0 ? items : items.Take(limit);
}
