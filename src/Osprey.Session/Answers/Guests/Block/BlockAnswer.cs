using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Session.Answers.Guests.Block;

/// <summary>The answer to: which drives has a guest, which filters are in them, and what do they hold?</summary>
/// <param name="graph">The drives and nodes.</param>
/// <param name="status">What Osprey put into them.</param>
public sealed class BlockAnswer(BlockGraph graph, BlockStatus status)
{
    private static readonly Shape<Node> s_node = new Shape<Node>("nodes")
        .Text("name", node => node.Block.Name)
        .Integer("depth", node => node.Depth)
        .Text("role", node => node.Role)
        .Text("driver", node => node.Block.Driver)
        .Text("file", node => node.Block.FileName)
        .Boolean("readOnly", node => node.Block.IsReadOnly);

    private static readonly Shape<Drive> s_drive = new Shape<Drive>("drives")
        .Text("name", drive => drive.Block.Name)
        .Text("device", drive => drive.Block.Device)
        .Text("qdev", drive => drive.Block.QdevPath)
        .Boolean("stopsForErrors", drive => drive.Block.StopsForErrors)
        .Text("filter", drive => drive.Filter?.Name)
        .Boolean("filterIsOurs", drive => drive.Filter is { } filter ? BlockFilter.IsOurs(filter) : null)
        .Texts("rules", drive => drive.Rules)
        .Records("nodes", drive => drive.Nodes, () => s_node);

    private static readonly Shape<BlockBreakpointStatus> s_breakpoint = new Shape<BlockBreakpointStatus>("breakpoints")
        .Text("tag", item => item.Breakpoint.Tag)
        .Text("drive", item => item.Breakpoint.Drive)
        .Text("event", item => item.Breakpoint.Event)
        .Boolean("suspended", item => item.IsSuspended);

    /// <summary>The columns.</summary>
    public static Shape<BlockAnswer> Shape { get; } =
        new Shape<BlockAnswer>("block")
            .Records("drives", answer => answer.Drives, () => s_drive)
            .Texts("unusedFilters", answer => answer.UnusedFilters)
            .Records("breakpoints", answer => answer.Status.Breakpoints, () => s_breakpoint)
            .Text("problem", answer => answer.Status.Problem);

    /// <summary>The drives, in QEMU's order.</summary>
    public IEnumerable<Drive> Drives =>
        graph.Drives.Select(drive =>
        {
            BlockNode? filter = graph.FindFilter(drive);
            return new Drive(
                drive,
                filter,
                [
                    .. status
                        .Filters.Where(noted => noted.Node == filter?.Name)
                        .SelectMany(noted => noted.Rules)
                        .Select(rule => rule.Description),
                ],
                drive.Node is null
                    ? []
                    : [.. graph.Walk(drive.Node).Select(item => new Node(item.Node, item.Role, item.Depth))]
            );
        });

    /// <summary>The names of filters of ours that are in no drive.</summary>
    public IEnumerable<string> UnusedFilters => graph.FindUnusedFilters().Select(node => node.Name);

    /// <summary>The breakpoints, and whether they hold requests.</summary>
    public BlockStatus Status => status;

    /// <summary>A drive.</summary>
    /// <param name="Block">The drive.</param>
    /// <param name="Filter">Its blkdebug filter; null when it has none.</param>
    /// <param name="Rules">The filter's rules for errors, in words.</param>
    /// <param name="Nodes">Its nodes, the one at the top first.</param>
    public sealed record Drive(
        BlockDrive Block,
        BlockNode? Filter,
        IReadOnlyList<string> Rules,
        IReadOnlyList<Node> Nodes
    );

    /// <summary>A node below a drive.</summary>
    /// <param name="Block">The node.</param>
    /// <param name="Role">Its role for the node above, such as "file"; empty for the one at the top.</param>
    /// <param name="Depth">The number of nodes between it and the drive.</param>
    public sealed record Node(BlockNode Block, string Role, int Depth);
}
