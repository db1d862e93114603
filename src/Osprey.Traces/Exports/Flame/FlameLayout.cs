namespace Osprey.Traces.Exports.Flame;

/// <summary>Lays out a flame graph: callees above their callers, side by side in the order of their names.</summary>
internal sealed class FlameLayout
{
    private readonly List<FlameBox> _boxes = [];

    /// <param name="root">The node that holds all.</param>
    /// <param name="smallest">The share of the whole below which a box is left out, with all in it.</param>
    public FlameLayout(FlameNode root, double smallest)
    {
        double total = (double)root.Total;
        var open = new Stack<FlameBox>([new FlameBox(root, 0, 0)]);
        while (open.TryPop(out FlameBox box))
        {
            _boxes.Add(box);
            Depth = Math.Max(Depth, box.Depth);
            Int128 start = box.Start;
            foreach (FlameNode child in box.Node.Children.OrderBy(child => child.Name, StringComparer.Ordinal))
            {
                if (total > 0 && (double)child.Total / total >= smallest)
                    open.Push(new FlameBox(child, box.Depth + 1, start));
                else
                    HiddenCount++;

                start += child.Total;
            }
        }

        _boxes.Sort((a, b) => a.Depth != b.Depth ? a.Depth.CompareTo(b.Depth) : a.Start.CompareTo(b.Start));
    }

    /// <summary>The boxes, row by row from the outermost, each row from left to right.</summary>
    public IReadOnlyList<FlameBox> Boxes => _boxes;

    /// <summary>The number of the highest row.</summary>
    public int Depth { get; }

    /// <summary>The number of boxes that were left out for their size; what is in them is not counted.</summary>
    public long HiddenCount { get; }
}
