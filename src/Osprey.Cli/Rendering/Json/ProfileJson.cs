using System.Text.Json;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Cli.Rendering.Json;

/// <summary>Writes profiles as one JSON object: an array of trees, nodes nested.</summary>
internal static class ProfileJson
{
    public static void Write(
        Output output,
        IReadOnlyList<ProfileTree> trees,
        ProfileGrouping grouping,
        Func<ProfileNode, ProfileNode, bool> isShown
    ) =>
        JsonOutput.Write(
            output,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("trees"u8);
                foreach (ProfileTree tree in trees)
                {
                    writer.WriteStartObject();
                    if (grouping == ProfileGrouping.Thread)
                    {
                        writer.WriteString("thread"u8, $"0x{tree.Group:x}");
                        writer.WriteString("threadName"u8, tree.ThreadName);
                    }
                    else if (grouping == ProfileGrouping.Cpu)
                    {
                        writer.WriteNumber("cpu"u8, tree.Group);
                    }

                    if (isShown(tree.Root, tree.Root))
                    {
                        writer.WritePropertyName("root"u8);
                        WriteNode(writer, tree.Root, tree.Root, isShown);
                    }

                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );

    /// <summary>Writes the frames of a node: its own, and those behind it that nothing branches off from.</summary>
    public static void WriteFrames(Utf8JsonWriter writer, string text, IReadOnlyList<string> tail)
    {
        writer.WriteStartArray("frames"u8);
        writer.WriteStringValue(text);
        foreach (string line in tail)
            writer.WriteStringValue(line);

        writer.WriteEndArray();
    }

    private static void WriteNode(
        Utf8JsonWriter writer,
        ProfileNode node,
        ProfileNode root,
        Func<ProfileNode, ProfileNode, bool> isShown
    )
    {
        writer.WriteStartObject();
        WriteFrames(writer, node.Text, node.Tail);
        writer.WriteNumber("hits"u8, node.Hits);
        writer.WriteNumber("duration"u8, node.Duration.Total);
        writer.WriteNumber("percent"u8, Math.Round(ProfileText.Percent(node, root), 4));
        IReadOnlyList<ProfileNode> children = ProfileText.ShownChildren(node, root, isShown);
        if (children.Count > 0)
        {
            writer.WriteStartArray("children"u8);
            foreach (ProfileNode child in children)
                WriteNode(writer, child, root, isShown);

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
