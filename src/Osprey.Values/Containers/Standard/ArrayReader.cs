using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads <c>std::array</c>.</summary>
internal sealed class ArrayReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    public bool Matches(CompoundType type) => LibraryTypes.GetTemplate(type) == "std::array";

    public ContainerView? Open(Value value, CompoundType type)
    {
        Value? elements = value.Member("_M_elems");
        if (elements?.ResolvedType is not ArrayType { Count: { } count } array)
            return elements is null
                ? null
                : new ContainerView.Items("std::array of length 0", ContainerKind.Sequence, 0, _ => []);

        if (value.Space.GetSize(array.Element) is not { } size)
            return null;

        Value Get(ulong index) => elements.At(unchecked(index * size), array.Element);
        return new ContainerView.Items(
            $"std::array of length {count}",
            ContainerKind.Sequence,
            count,
            _ => Contiguous.Walk(count, Get)
        )
        {
            At = Get,
        };
    }
}
