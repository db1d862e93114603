using Osprey.Cli.Rendering.Streams;
using Osprey.Traces.Analyses.Memory;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Draws allocations as a tree (trace-cli sections 6.2 to 6.4).</summary>
/// <param name="sort">Order of groups: <c>size</c>, <c>count</c> or <c>unused</c>.</param>
/// <param name="thresholds">What is left out.</param>
internal sealed class AllocationText(string sort, AllocationThresholds thresholds)
{
    public void Write(Output output, AllocationGroup root)
    {
        if (!IsShown(root))
            return;

        new TreePrinter<Node>(
            output,
            AppendLabel,
            node => node.Frame is null ? ChildrenOf(node.Group) : FramesOf(node.Frame, node.Group)
        ).Print(new Node(root, null));
    }

    /// <summary>The groups below a group that are shown, in order.</summary>
    public IEnumerable<AllocationGroup> ShownGroups(AllocationGroup group)
    {
        IEnumerable<AllocationGroup> shown = group.Groups.Where(IsShown);
        return sort switch
        {
            "count" => shown.OrderByDescending(child => child.Count),
            "unused" => shown.OrderByDescending(child => child.UnusedPercent),
            _ => shown.OrderBy(child => child.Name, StringComparer.Ordinal).ThenBy(child => child.Value),
        };
    }

    /// <summary>The frames below a frame that are shown, most first.</summary>
    public IEnumerable<AllocationFrame> ShownFrames(AllocationFrame frame, AllocationGroup group) =>
        frame
            .Children.Where(child =>
                (thresholds.MinHits is not double hits || child.Count >= hits)
                && (thresholds.MinPercent is not double percent || Percent(child, group) >= percent)
            )
            .OrderByDescending(child => child.Count);

    /// <summary>A frame's share in its group's allocations.</summary>
    public static double Percent(AllocationFrame frame, AllocationGroup group) =>
        (double)(frame.Count * 100) / group.Count;

    private bool IsShown(AllocationGroup group) => group.Count >= thresholds.MinCount || thresholds.MinCount == 0;

    private IReadOnlyList<Node> ChildrenOf(AllocationGroup group) =>
        [.. ShownGroups(group).Select(child => new Node(child, null)), .. FramesOf(group.Frames, group)];

    private IReadOnlyList<Node> FramesOf(AllocationFrame frame, AllocationGroup group) =>
        [.. ShownFrames(frame, group).Select(child => new Node(group, child))];

    private static void AppendLabel(Node node, Utf8Builder text, Action newLine)
    {
        if (node.Frame is AllocationFrame frame)
        {
            text.Append((byte)'(');
            text.AppendFormatted(Percent(frame, node.Group), "F2");
            text.Append($"% #{frame.Count}) ");
            for (int i = 0; i < frame.Texts.Count; i++)
            {
                if (i > 0)
                    newLine();

                text.Append(frame.Texts[i]);
            }

            return;
        }

        AllocationGroup group = node.Group;
        text.Append(group.Name ?? $"{group.Value} {group.Key!.Value.ToString().ToLowerInvariant()}");
        newLine();
        text.Append($"count: {group.Count}");
        if (group.UnusedBytes > 0)
        {
            newLine();
            text.Append($"unused: {(long)group.UnusedPercent}%");
        }
    }

    private readonly record struct Node(AllocationGroup Group, AllocationFrame? Frame);
}
