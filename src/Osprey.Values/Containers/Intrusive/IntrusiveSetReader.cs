using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Intrusive;

/// <summary>Reads <c>boost::intrusive::set</c>, <c>multiset</c> and the other trees of Boost.Intrusive.</summary>
internal sealed class IntrusiveSetReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["boost::"];

    // The low bits of the pointer to the parent, which may hold a node's colour or balance: nodes are aligned to 4 or
    // more.
    private const ulong TagBits = 3;

    public bool Matches(CompoundType type) =>
        LibraryTypes.GetTemplate(type)
            is "boost::intrusive::set"
                or "boost::intrusive::multiset"
                or "boost::intrusive::rbtree"
                or "boost::intrusive::avltree"
                or "boost::intrusive::avl_set"
                or "boost::intrusive::avl_multiset"
                or "boost::intrusive::bs_set"
                or "boost::intrusive::bs_multiset"
                or "boost::intrusive::bstree"
                or "boost::intrusive::splay_set"
                or "boost::intrusive::splay_multiset"
                or "boost::intrusive::sg_set"
                or "boost::intrusive::treap_set";

    public ContainerView? Open(Value value, CompoundType type)
    {
        // Since Boost 1.55 the header is holder.root in a base class. Before, it is at the end of a chain of members
        // that starts at tree_, or at data_ in a plain rbtree.
        Value? sized = (value.Member("tree_") ?? value).Path("data_", "node_plus_pred_", "header_plus_size_");
        Value? header = value.Path("holder", "root") ?? sized?.Member("header_");
        if (header is null || HookLayout.Find(value, "left_") is not { } layout)
            return null;

        ValueSpace space = value.Space;
        if (
            !LibraryTypes.TryReadPointer(header.Member("parent_"), out ulong root)
            || !LibraryTypes.TryGetOffset(space, header.Type, out ulong? left, "left_")
            || !LibraryTypes.TryGetOffset(space, header.Type, out ulong? right, "right_")
        )
        {
            return null;
        }

        ulong offset = unchecked(layout.NodeOffset - left.Value);
        ulong? count = LibraryTypes.TryReadPointer((sized ?? value).Member("size_"), out ulong size) ? size : null;
        string template = LibraryTypes.GetTemplate(type);
        string title = count is { } known ? $"{template} with {Plural.Elements(known)}" : template;
        return new ContainerView.Items(title, ContainerKind.Intrusive, count, walk => Walk(walk));

        IEnumerable<ContainerElement> Walk(ElementWalk walk)
        {
            foreach (ulong node in NodeWalk.InOrder(walk, space.Memory, root & ~TagBits, left.Value, right.Value))
                yield return new ContainerElement(null, space.At(layout.Element, unchecked(node - offset)));
        }
    }
}
