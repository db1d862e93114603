using Osprey.Target.Memory;

namespace Osprey.Values.Expressions;

/// <summary>Follows the links of a list or tree, whose elements a program links by members of theirs.</summary>
/// <remarks>
/// A guest that runs may change the links meanwhile: a walk that comes to a link twice, to one that can't be read, or
/// to its limits, is torn and is made again, a few times. What is torn then is an error, not a shorter list.
/// </remarks>
/// <param name="memory">The guest's memory.</param>
internal sealed class LinkWalk(IMemoryReader memory)
{
    /// <summary>The most elements.</summary>
    public const int MaxElements = 1 << 16;

    private const int MaxWalks = 4;
    private const int MaxDepth = 128;
    private const ulong RightOffset = 8;
    private const ulong LeftOffset = 16;

    private string? _defect;

    /// <summary>Lists the addresses of the links.</summary>
    /// <param name="kind">The kind of links.</param>
    /// <param name="head">The address of the list's head or the tree's root.</param>
    /// <param name="position">The position of the walk in the expression.</param>
    /// <exception cref="ExpressionException">The links are torn each time.</exception>
    public List<ulong> Read(LinkKind kind, ulong head, int position)
    {
        for (int number = 1; ; number++)
        {
            _defect = null;
            List<ulong> links = kind switch
            {
                LinkKind.List => ReadList(head, head),
                LinkKind.HashList => ReadList(head, 0),
                _ => ReadTree(head),
            };
            if (_defect is null)
                return links;

            if (number == MaxWalks)
                throw new ExpressionException($"The links are torn after {links.Count} elements: {_defect}.", position);
        }
    }

    private List<ulong> ReadList(ulong head, ulong end)
    {
        var links = new List<ulong>();
        var seen = new HashSet<ulong>();
        ulong link = Follow(head);
        while (_defect is null && link != end)
        {
            if (!CanAdd(seen, link))
                break;

            links.Add(link);
            link = Follow(link);
        }

        return links;
    }

    private List<ulong> ReadTree(ulong root)
    {
        var links = new List<ulong>();
        var seen = new HashSet<ulong>();
        var path = new Stack<ulong>();
        ulong link = Follow(root);
        while (_defect is null && (link != 0 || path.Count > 0))
        {
            for (; _defect is null && link != 0; link = Follow(unchecked(link + LeftOffset)))
            {
                if (!CanAdd(seen, link))
                    return links;

                path.Push(link);
                if (path.Count > MaxDepth)
                    _defect = "the tree is too deep";
            }

            if (_defect is not null)
                break;

            links.Add(path.Pop());
            link = Follow(unchecked(links[^1] + RightOffset));
        }

        return links;
    }

    private bool CanAdd(HashSet<ulong> seen, ulong link)
    {
        if (!seen.Add(link))
            _defect = $"0x{link:x} comes again";
        else if (seen.Count > MaxElements)
            _defect = $"there are more than {MaxElements}";

        return _defect is null;
    }

    private ulong Follow(ulong place)
    {
        if (!memory.TryReadUInt64(place, out ulong link))
            _defect = $"0x{place:x} can't be read";

        return link;
    }
}
