using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads <c>std::basic_string</c> in both its layouts, and <c>std::basic_string_view</c>.</summary>
internal sealed class BasicStringReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    public bool Matches(CompoundType type) =>
        LibraryTypes.GetTemplate(type) is "std::basic_string" or "std::basic_string_view";

    public ContainerView? Open(Value value, CompoundType type)
    {
        Value? pointer = value.Path("_M_dataplus", "_M_p") ?? value.Member("_M_str");
        if (
            pointer?.ResolvedType is not PointerType { Target: { } character }
            || !pointer.TryGetUInt64(out ulong address)
            || !character.IsCharacter
        )
            return null;

        Value? length = value.Member("_M_string_length", "_M_len") ?? FindSharedLength(value, type, address);
        return length is not null && length.TryGetUInt64(out ulong count)
            ? new ContainerView.Text(value.Space.At(character, address), count)
            : null;
    }

    /// <summary>
    /// Finds the length of a string in libstdc++'s layout before C++11: it stands in front of the characters, which
    /// several strings may share.
    /// </summary>
    private static Value? FindSharedLength(Value value, CompoundType type, ulong address)
    {
        DebugType? rep = value.Space.FindType($"{type.Name}::_Rep_base") ?? value.Space.FindType($"{type.Name}::_Rep");
        return rep is not null && value.Space.GetSize(rep) is { } size
            ? value.Space.At(rep, unchecked(address - size)).Member("_M_length")
            : null;
    }
}
