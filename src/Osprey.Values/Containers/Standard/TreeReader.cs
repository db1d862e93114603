using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>
/// Reads <c>std::set</c>, <c>multiset</c>, <c>map</c> and <c>multimap</c>, which are red-black trees.
/// </summary>
internal sealed class TreeReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    private const ulong DefaultLinksSize = 32;

    public bool Matches(CompoundType type) =>
        LibraryTypes.GetTemplate(type) is "std::set" or "std::multiset" or "std::map" or "std::multimap";

    public ContainerView? Open(Value value, CompoundType type)
    {
        Value? tree = value.Member("_M_t");
        Value? impl = tree?.Member("_M_impl");
        Value? header = impl?.Member("_M_header");
        if (
            tree?.ResolvedType is not CompoundType treeType
            || header?.Type is not { } links
            || LibraryTypes.GetArgument(treeType, 1) is not { } element
        )
            return null;

        ValueSpace space = value.Space;
        if (
            !LibraryTypes.TryReadPointer(header.Member("_M_parent"), out ulong root)
            || !LibraryTypes.TryReadPointer(impl!.Member("_M_node_count"), out ulong count)
            || !LibraryTypes.TryGetOffset(space, links, out ulong? left, "_M_left")
            || !LibraryTypes.TryGetOffset(space, links, out ulong? right, "_M_right")
        )
        {
            return null;
        }

        ulong offset = LibraryTypes.GetValueOffset(
            space,
            $"{treeType.Name}::_Link_type",
            space.GetSize(links) ?? DefaultLinksSize,
            element,
            "_M_storage",
            "_M_value_field"
        );
        string template = LibraryTypes.GetTemplate(type);
        bool isMap = template.EndsWith("map", StringComparison.Ordinal);
        return new ContainerView.Items(
            $"{template} with {Plural.Elements(count)}",
            isMap ? ContainerKind.Map : ContainerKind.Set,
            count,
            walk => Walk(walk)
        );

        IEnumerable<ContainerElement> Walk(ElementWalk walk)
        {
            foreach (ulong node in NodeWalk.InOrder(walk, space.Memory, root, left.Value, right.Value))
                yield return Pairs.Split(space.At(element, unchecked(node + offset)), isMap);
        }
    }
}
