using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Intrusive;

/// <summary>Reads <c>boost::intrusive::list</c> and <c>slist</c>.</summary>
internal sealed class IntrusiveListReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["boost::"];

    public bool Matches(CompoundType type) =>
        LibraryTypes.GetTemplate(type) is "boost::intrusive::list" or "boost::intrusive::slist";

    public ContainerView? Open(Value value, CompoundType type)
    {
        Value? root = value.Path("data_", "root_plus_size_");
        Value? header = root?.Member("m_header", "root_", "header_holder_");
        if (header?.Address is not { } end || HookLayout.Find(value, "next_") is not { } layout)
            return null;

        ValueSpace space = value.Space;
        if (
            !LibraryTypes.TryReadPointer(header.Member("next_"), out ulong first)
            || !LibraryTypes.TryGetOffset(space, header.Type, out ulong? next, "next_")
        )
        {
            return null;
        }

        // HookLayout gives the offset of the member next_; the node starts before it by the offset of next_ in a node.
        ulong offset = unchecked(layout.NodeOffset - next.Value);
        ulong? count = LibraryTypes.TryReadPointer(root!.Member("size_"), out ulong size) ? size : null;
        string template = LibraryTypes.GetTemplate(type);
        bool isLinear = template.EndsWith("slist", StringComparison.Ordinal) && IsLinear(value);
        string title = count is { } known ? $"{template} with {Plural.Elements(known)}" : template;
        return new ContainerView.Items(title, ContainerKind.Intrusive, count, walk => Walk(walk));

        IEnumerable<ContainerElement> Walk(ElementWalk walk)
        {
            // All bytes of a list that was never used may be zero.
            ulong start = first == 0 && !isLinear ? end : first;
            foreach (ulong node in NodeWalk.Linked(walk, space.Memory, start, isLinear ? 0 : end, next.Value))
                yield return new ContainerElement(null, space.At(layout.Element, unchecked(node - offset)));
        }
    }

    private static bool IsLinear(Value value) =>
        value.FindBase(type =>
            LibraryTypes.GetTemplate(type) == "boost::intrusive::slist_impl"
            && type.Body.TemplateArguments is [_, _, { Value: { } bits }, ..]
            && (bits & 2) != 0
        )
            is not null;
}
