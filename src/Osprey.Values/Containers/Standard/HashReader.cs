using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>
/// Reads <c>std::unordered_map</c>, <c>unordered_set</c> and their multi variants: one linked list of all nodes, and a
/// table that points into it.
/// </summary>
/// <remarks>Some nodes store the hash too. It stands after the element, so it can be ignored.</remarks>
internal sealed class HashReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    public bool Matches(CompoundType type) =>
        LibraryTypes.GetTemplate(type)
            is "std::unordered_map"
                or "std::unordered_set"
                or "std::unordered_multimap"
                or "std::unordered_multiset";

    public ContainerView? Open(Value value, CompoundType type)
    {
        Value? table = value.Member("_M_h");
        Value? before = table?.Member("_M_before_begin", "_M_bbegin");
        before = before?.Member("_M_node") ?? before;
        if (
            table?.ResolvedType is not CompoundType tableType
            || before?.Type is not { } links
            || LibraryTypes.GetArgument(tableType, 1) is not { } element
        )
            return null;

        ValueSpace space = value.Space;
        if (
            !LibraryTypes.TryReadPointer(before.Member("_M_nxt"), out ulong first)
            || !LibraryTypes.TryReadPointer(table.Member("_M_element_count"), out ulong count)
            || !LibraryTypes.TryGetOffset(space, links, out ulong? next, "_M_nxt")
        )
        {
            return null;
        }

        ulong offset = LibraryTypes.GetValueOffset(
            space,
            $"{tableType.Name}::__node_type",
            space.GetSize(links) ?? sizeof(ulong),
            element,
            "_M_storage",
            "_M_v"
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
            foreach (ulong node in NodeWalk.Linked(walk, space.Memory, first, 0, next.Value))
                yield return Pairs.Split(space.At(element, unchecked(node + offset)), isMap);
        }
    }
}
