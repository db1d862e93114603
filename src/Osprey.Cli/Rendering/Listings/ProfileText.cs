using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Draws profiles as trees (trace-cli section 5.4).</summary>
internal static class ProfileText
{
    /// <param name="output">Where to.</param>
    /// <param name="trees">The profile's trees, in the order to draw them.</param>
    /// <param name="grouping">What there is one tree for.</param>
    /// <param name="isShown">Whether a node is shown, told its tree's root.</param>
    public static void Write(
        Output output,
        IReadOnlyList<ProfileTree> trees,
        ProfileGrouping grouping,
        Func<ProfileNode, ProfileNode, bool> isShown
    )
    {
        foreach (ProfileTree tree in trees)
        {
            if (grouping != ProfileGrouping.None)
            {
                string heading =
                    grouping == ProfileGrouping.Thread
                        ? $"Thread {tree.ThreadName} (0x{tree.Group:x})"
                        : $"CPU 0x{tree.Group:x2}";
                output.Text.Append($"\n=== {heading} ===\n\n");
            }

            if (isShown(tree.Root, tree.Root))
            {
                new TreePrinter<ProfileNode>(
                    output,
                    (node, text, newLine) => AppendLabel(node, tree.Root, text, newLine),
                    node => ShownChildren(node, tree.Root, isShown)
                ).Print(tree.Root);
            }
        }
    }

    /// <summary>A node's children that are shown, longest and most hit first.</summary>
    public static IReadOnlyList<ProfileNode> ShownChildren(
        ProfileNode node,
        ProfileNode root,
        Func<ProfileNode, ProfileNode, bool> isShown
    ) =>
        [
            .. node
                .Children.Where(child => isShown(child, root))
                .OrderByDescending(child => child.Duration.Total)
                .ThenByDescending(child => child.Hits),
        ];

    private static void AppendLabel(ProfileNode node, ProfileNode root, Utf8Builder text, Action newLine)
    {
        bool hasTime = root.Duration.Total != 0;
        if (hasTime)
        {
            TimeText.AppendHuman(text, node.Duration.Total, node.Duration.IsFractional);
            text.Append((byte)' ');
        }

        text.Append((byte)'(');
        text.AppendFormatted(Percent(node, root), "F2");
        text.Append($"%, #{node.Hits}) ");
        text.Append(node.Text);
        foreach (string line in node.Tail)
        {
            newLine();
            text.Append((byte)' ');
            text.Append(line);
        }
    }

    /// <summary>A node's share of its tree: of the time when there is any, else of the hits.</summary>
    public static double Percent(ProfileNode node, ProfileNode root) =>
        root.Duration.Total != 0
            ? node.Duration.Total * 100 / root.Duration.Total
            : (double)node.Hits * 100 / root.Hits;
}
