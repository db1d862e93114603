using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Memory;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads <c>std::list</c> and <c>std::forward_list</c>.</summary>
internal sealed class ListReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    public bool Matches(CompoundType type) => LibraryTypes.GetTemplate(type) is "std::list" or "std::forward_list";

    public ContainerView? Open(Value value, CompoundType type)
    {
        bool isForward = LibraryTypes.GetTemplate(type) == "std::forward_list";
        Value? header = value.Path("_M_impl", isForward ? "_M_head" : "_M_node");
        Value? links = header?.FindBase(IsLinks);
        if (
            header?.Address is not { } end
            || links is not { Type: { } linksType, Size: { } size }
            || LibraryTypes.GetArgument(type, 0) is not { } element
        )
            return null;

        ValueSpace space = value.Space;
        if (
            !LibraryTypes.TryReadPointer(links.Member("_M_next"), out ulong first)
            || !LibraryTypes.TryGetOffset(space, linksType, out ulong? next, "_M_next")
        )
        {
            return null;
        }

        ulong? count = isForward ? null : ReadCount(header, size);
        ulong offset = isForward
            ? LibraryTypes.GetValueOffset(
                space,
                $"std::_Fwd_list_node<{element.Name}>",
                size,
                element,
                "_M_storage",
                "_M_value"
            )
            : LibraryTypes.GetValueOffset(space, $"{type.Name}::_Node", size, element, "_M_storage", "_M_data");
        string title =
            isForward ? "std::forward_list"
            : count is { } known ? $"std::list with {Plural.Elements(known)}"
            : "std::list";
        return new ContainerView.Items(title, ContainerKind.Sequence, count, walk => Walk(walk));

        IEnumerable<ContainerElement> Walk(ElementWalk walk)
        {
            foreach (ulong node in NodeWalk.Linked(walk, space.Memory, first, isForward ? 0 : end, next.Value))
                yield return new ContainerElement(null, space.At(element, unchecked(node + offset)));
        }
    }

    private static bool IsLinks(CompoundType type) =>
        type.Name is { } name
        && (
            name.EndsWith("_List_node_base", StringComparison.Ordinal)
            || name.EndsWith("_Fwd_list_node_base", StringComparison.Ordinal)
        );

    /// <summary>
    /// Reads the number of elements, which lists store since GCC 5: in a member of the header, or in older releases as
    /// the element of the header, which was a node.
    /// </summary>
    private static ulong? ReadCount(Value header, ulong linksSize)
    {
        if (header.Member("_M_size") is { } size)
            return size.TryGetUInt64(out ulong count) ? count : null;

        bool isNode = header.ResolvedType?.Name?.Contains("_List_node<", StringComparison.Ordinal) == true;
        return
            isNode
            && header.Address is { } address
            && header.Space.Memory.TryReadUInt64(unchecked(address + linksSize), out ulong kept)
            ? kept
            : null;
    }
}
