using System.Text.Json;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Traces.Analyses.Memory;

namespace Osprey.Cli.Rendering.Json;

/// <summary>Writes allocations as one JSON object, groups and frames nested.</summary>
internal static class AllocationJson
{
    public static void Write(Output output, AllocationGroup root, AllocationText tree) =>
        JsonOutput.Write(output, writer => WriteGroup(writer, root, tree));

    private static void WriteGroup(Utf8JsonWriter writer, AllocationGroup group, AllocationText tree)
    {
        writer.WriteStartObject();
        if (group.Key is AllocationKey key)
        {
            string name = key.ToString().ToLowerInvariant();
            if (group.Name is not null)
                writer.WriteString(name, group.Name);
            else
                writer.WriteNumber(name, group.Value);
        }

        writer.WriteNumber("count"u8, group.Count);
        writer.WriteNumber("allocatedBytes"u8, group.TotalBytes);
        writer.WriteNumber("unusedBytes"u8, group.UnusedBytes);
        AllocationGroup[] groups = [.. tree.ShownGroups(group)];
        if (groups.Length > 0)
        {
            writer.WriteStartArray("groups"u8);
            foreach (AllocationGroup child in groups)
                WriteGroup(writer, child, tree);

            writer.WriteEndArray();
        }

        WriteFrames(writer, group.Frames, group, tree);
        writer.WriteEndObject();
    }

    private static void WriteFrames(
        Utf8JsonWriter writer,
        AllocationFrame frame,
        AllocationGroup group,
        AllocationText tree
    )
    {
        AllocationFrame[] children = [.. tree.ShownFrames(frame, group)];
        if (children.Length == 0)
            return;

        writer.WriteStartArray("stacks"u8);
        foreach (AllocationFrame child in children)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("frames"u8);
            foreach (string text in child.Texts)
                writer.WriteStringValue(text);

            writer.WriteEndArray();
            writer.WriteNumber("count"u8, child.Count);
            WriteFrames(writer, child, group, tree);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
