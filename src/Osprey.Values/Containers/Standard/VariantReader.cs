using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads <c>std::variant</c>: nested unions, each of one alternative and the rest.</summary>
internal sealed class VariantReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    private const int MaxAlternatives = 256;

    public bool Matches(CompoundType type) => LibraryTypes.GetTemplate(type) == "std::variant";

    public ContainerView? Open(Value value, CompoundType type)
    {
        if (value.Member("_M_index") is not { } indexMember || !indexMember.TryGetUInt64(out ulong index))
            return null;

        string title = type.Name?.Replace("__cxx11::", "", StringComparison.Ordinal) ?? "std::variant";
        if (index >= (ulong)type.Body.TemplateArguments.Count || index >= MaxAlternatives)
            return new ContainerView.Wrapper(title + " [no contained value]", null);

        Value? union = value.Member("_M_u");
        for (ulong i = 0; i < index && union is not null; i++)
            union = union.Member("_M_rest");

        // For a type with a destructor, the storage is declared as bytes.
        DebugType? alternative = LibraryTypes.GetArgument(type, (int)index);
        Value? inner = union?.Path("_M_first", "_M_storage")?.Reinterpret(alternative);
        return inner is null ? null : new ContainerView.Wrapper($"{title} [index {index}]", inner);
    }
}
