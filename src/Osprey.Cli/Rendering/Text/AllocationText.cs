using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Traces.Profiles;
using Osprey.Traces.Analyses.Memory;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Draws allocations as a tree.</summary>
internal static class AllocationText
{
    public static void Write(AllocationGroupRow root, Output output)
    {
        if (root.View.IsShown(root.Group))
            new TreePrinter<Node>(output, AppendLabel, ListChildren).Print(new Node(root, null));
    }

    private static IReadOnlyList<Node> ListChildren(Node node)
    {
        AllocationGroupRow group = node.Group;
        if (node.Frame is AllocationFrame frame)
            return ListFrames(frame, group);

        return
        [
            .. group.View.ListGroups(group.Group).Select(child => new Node(group with { Group = child }, null)),
            .. ListFrames(group.Group.Frames, group),
        ];
    }

    private static IReadOnlyList<Node> ListFrames(AllocationFrame frame, AllocationGroupRow group) =>
        [.. AllocationFrameRow.List(frame, group).Select(row => new Node(group, row.Frame))];

    private static void AppendLabel(Node node, Utf8Builder text, Action newLine)
    {
        if (node.Frame is AllocationFrame frame)
        {
            text.Append((byte)'(');
            text.AppendFormatted(AllocationView.Percent(frame, node.Group.Group), "F2");
            text.Append($"% #{frame.Count}) ");
            for (int i = 0; i < frame.Texts.Count; i++)
            {
                if (i > 0)
                    newLine();

                text.Append(frame.Texts[i]);
            }

            return;
        }

        AllocationGroup group = node.Group.Group;
        text.Append(group.Name ?? $"{group.Value} {group.Key!.Value.ToString().ToLowerInvariant()}");
        newLine();
        text.Append($"count: {group.Count}");
        if (group.UnusedBytes > 0)
        {
            newLine();
            text.Append($"unused: {(long)group.UnusedPercent}%");
        }
    }

    private readonly record struct Node(AllocationGroupRow Group, AllocationFrame? Frame);
}
