using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads <c>std::optional</c>.</summary>
internal sealed class OptionalReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    public bool Matches(CompoundType type) => LibraryTypes.GetTemplate(type) == "std::optional";

    public ContainerView? Open(Value value, CompoundType type)
    {
        Value? payload = value.Member("_M_payload");
        if (payload?.Member("_M_engaged") is not { } engaged || !engaged.TryGetUInt64(out ulong has))
            return null;

        string title = $"std::optional<{TypeNames.Spell(LibraryTypes.GetArgument(type, 0))}>";
        if (has == 0)
            return new ContainerView.Wrapper(title + " [no contained value]", null);

        // Since GCC 9 _M_payload is a union, and the value its member _M_value. Before, _M_payload is the value itself.
        Value? inner = payload.Member("_M_payload")?.Member("_M_value") ?? payload.Member("_M_payload", "_M_value");
        return inner is null ? null : new ContainerView.Wrapper(title, inner);
    }
}
