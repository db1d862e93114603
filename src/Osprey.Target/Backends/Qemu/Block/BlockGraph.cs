using System.Text.Json;

namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>A QEMU's drives and block nodes at one moment.</summary>
public sealed class BlockGraph
{
    private const int MaxNodes = 10_000;
    private const int MaxChildren = 1000;

    private readonly Dictionary<string, BlockNode> _nodes;

    private BlockGraph(IReadOnlyList<BlockDrive> drives, Dictionary<string, BlockNode> nodes)
    {
        Drives = drives;
        _nodes = nodes;
    }

    /// <summary>The drives, in QEMU's order.</summary>
    public IReadOnlyList<BlockDrive> Drives { get; }

    /// <summary>All nodes, by name.</summary>
    public IEnumerable<BlockNode> Nodes => _nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal);

    /// <summary>Finds a node by its name; null when there is none.</summary>
    public BlockNode? FindNode(string? name) => name is null ? null : _nodes.GetValueOrDefault(name);

    /// <summary>
    /// Finds the blkdebug filter that a drive's format driver tells its events to: the child "file" of its node; null
    /// when it has none.
    /// </summary>
    public BlockNode? FindFilter(BlockDrive drive) =>
        FindNode(drive.Node?.FindChild("file")) is { Driver: "blkdebug" } filter ? filter : null;

    /// <summary>
    /// Finds filters of ours that no node has above it: a program was killed just before it put one in, or just after
    /// it took it out.
    /// </summary>
    public IEnumerable<BlockNode> FindUnusedFilters() =>
        Nodes.Where(node =>
            BlockFilter.IsOurs(node) && !_nodes.Values.Any(above => above.Children.Any(edge => edge.Child == node.Name))
        );

    /// <summary>
    /// Finds the drive that a user means: by the name of the drive, of its device or of its node.
    /// </summary>
    /// <exception cref="TargetException">There is none, or several are meant.</exception>
    public BlockDrive FindDrive(string word)
    {
        BlockDrive[] found = [.. Drives.Where(drive => drive.Is(word))];
        return found is [var one]
            ? one
            : throw new TargetException(
                TargetProblem.NoSuchDrive,
                found.Length == 0 ? $"the guest has no drive '{word}'" : $"'{word}' is {found.Length} drives"
            )
            {
                Names = [.. Drives.Select(drive => drive.Name)],
            };
    }

    /// <summary>Lists a node with all below it, each once, with its depth and its role for the node above.</summary>
    public IEnumerable<(BlockNode Node, string Role, int Depth)> Walk(BlockNode top)
    {
        var seen = new HashSet<string>();
        var left = new Stack<(BlockNode Node, string Role, int Depth)>();
        left.Push((top, "", 0));
        while (left.TryPop(out (BlockNode Node, string Role, int Depth) next))
        {
            if (!seen.Add(next.Node.Name))
                continue;

            yield return next;
            foreach (BlockEdge edge in next.Node.Children.Reverse())
            {
                if (FindNode(edge.Child) is { } child)
                    left.Push((child, edge.Role, next.Depth + 1));
            }
        }
    }

    /// <summary>Reads QEMU's answers.</summary>
    /// <param name="blocks">The answer to query-block.</param>
    /// <param name="nodes">The answer to query-named-block-nodes.</param>
    /// <param name="graph">The answer to x-debug-query-block-graph.</param>
    internal static BlockGraph Parse(JsonElement blocks, JsonElement nodes, JsonElement graph)
    {
        Dictionary<string, List<BlockEdge>> children = ReadEdges(graph);
        var known = new Dictionary<string, BlockNode>();
        foreach (JsonElement node in BlockJson.Items(nodes).Take(MaxNodes))
        {
            if (BlockJson.Text(node, "node-name") is not { Length: > 0 } name)
                continue;

            known[name] = new BlockNode(
                name,
                BlockJson.Text(node, "drv"),
                BlockJson.Text(node, "file"),
                BlockJson.IsTrue(node, "ro"),
                BlockJson.Text(node, "detect_zeroes"),
                children.GetValueOrDefault(name) ?? []
            );
        }

        return new BlockGraph(
            [.. BlockJson.Items(blocks).Take(MaxNodes).Select(block => ReadDrive(block, known))],
            known
        );
    }

    private static BlockDrive ReadDrive(JsonElement block, Dictionary<string, BlockNode> nodes)
    {
        string? device = BlockJson.Text(block, "device") is { Length: > 0 } given ? given : null;
        string? path = BlockJson.Text(block, "qdev") is { Length: > 0 } qdev ? qdev : null;
        string? top = BlockJson.Text(BlockJson.Member(block, "inserted"), "node-name");
        BlockNode? node = top is null ? null : nodes.GetValueOrDefault(top);
        return new BlockDrive(
            device ?? BlockDrive.FindId(path) ?? top ?? path ?? "?",
            device,
            path,
            node,
            BlockJson.Text(block, "io-status") is not null
        );
    }

    /// <summary>Reads which node has which children, by name: the graph has numbers.</summary>
    private static Dictionary<string, List<BlockEdge>> ReadEdges(JsonElement graph)
    {
        var names = new Dictionary<long, string>();
        foreach (JsonElement node in BlockJson.Items(BlockJson.Member(graph, "nodes")).Take(MaxNodes))
        {
            if (
                BlockJson.Text(node, "type") == "block-driver"
                && BlockJson.Number(node, "id") is { } id
                && BlockJson.Text(node, "name") is { } name
            )
                names[id] = name;
        }

        var children = new Dictionary<string, List<BlockEdge>>();
        foreach (JsonElement edge in BlockJson.Items(BlockJson.Member(graph, "edges")).Take(MaxNodes))
        {
            if (
                BlockJson.Number(edge, "parent") is not { } parent
                || BlockJson.Number(edge, "child") is not { } child
                || !names.TryGetValue(parent, out string? above)
                || !names.TryGetValue(child, out string? below)
            )
                continue;

            if (!children.TryGetValue(above, out List<BlockEdge>? list))
                children[above] = list = [];

            if (list.Count < MaxChildren)
                list.Add(new BlockEdge(BlockJson.Text(edge, "name") ?? "", below));
        }

        foreach (List<BlockEdge> list in children.Values)
            list.Sort((a, b) => string.CompareOrdinal(b.Role, a.Role)); // the order changes; "file" before "backing"

        return children;
    }
}
