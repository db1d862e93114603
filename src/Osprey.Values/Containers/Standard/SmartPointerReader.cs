using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>
/// Reads <c>std::unique_ptr</c>, <c>shared_ptr</c>, <c>weak_ptr</c> and <c>boost::intrusive_ptr</c>.
/// </summary>
internal sealed class SmartPointerReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::", "boost::"];

    public bool Matches(CompoundType type) =>
        LibraryTypes.GetTemplate(type)
            is "std::unique_ptr"
                or "std::shared_ptr"
                or "std::weak_ptr"
                or "std::__shared_ptr"
                or "std::__weak_ptr"
                or "boost::intrusive_ptr";

    public ContainerView? Open(Value value, CompoundType type)
    {
        string template = LibraryTypes.GetTemplate(type);
        Value? pointer = template switch
        {
            "std::unique_ptr" => FindUnique(value),
            "boost::intrusive_ptr" => value.Member("px"),
            _ => value.Member("_M_ptr"),
        };
        if (pointer is null)
            return null;

        string target = TypeNames.Spell(
            LibraryTypes.GetArgument(type, 0) ?? (pointer.ResolvedType as PointerType)?.Target
        );
        return new ContainerView.Pointer($"{template}<{target}>{DescribeCounts(value)}", pointer);
    }

    /// <summary>
    /// The pointer is element 0 of the tuple _M_t._M_t (GCC 7 and later) or _M_t (before). Tuples keep their elements
    /// in reverse, so it is behind a deleter that has a size; the types tell.
    /// </summary>
    private static Value? FindUnique(Value value)
    {
        Value? tuple = value.Member("_M_t");
        if (tuple?.ResolvedType is CompoundType type && LibraryTypes.GetTemplate(type) != "std::tuple")
            tuple = tuple.Member("_M_t") ?? tuple;

        return tuple is null ? null : TupleReader.GetElement(tuple, 0);
    }

    private static string DescribeCounts(Value value)
    {
        Value? counted = value.Path("_M_refcount", "_M_pi");
        if (counted is null || !counted.TryGetUInt64(out ulong address))
            return "";

        if (address == 0)
            return " (empty)";

        if (
            counted.Member("_M_use_count") is not { } use
            || counted.Member("_M_weak_count") is not { } weak
            || !use.TryGetInt64(out long uses)
            || !weak.TryGetInt64(out long weaks)
        )
        {
            return " (counts unreadable)";
        }

        // All owners together hold one weak reference.
        return uses == 0
            ? $" (expired, weak count {weaks})"
            : $" (use count {uses}, weak count {unchecked(weaks - 1)})";
    }
}
