using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads all kinds of <c>std::atomic</c>, and <c>atomic_flag</c>, as the value that they hold.</summary>
internal sealed class AtomicReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    public bool Matches(CompoundType type) =>
        LibraryTypes.GetTemplate(type)
            is "std::atomic"
                or "std::__atomic_base"
                or "std::atomic_flag"
                or "std::__atomic_flag_base"
                or "std::__atomic_float";

    public ContainerView? Open(Value value, CompoundType type)
    {
        // The value is _M_i for a class or enumeration, and for an integer, where a base class has it; _M_base._M_i for
        // a bool; _M_b._M_p for a pointer.
        Value? inner =
            value.Member("_M_i", "_M_fp", "_M_p") ?? value.Path("_M_b", "_M_p") ?? value.Path("_M_base", "_M_i");
        return inner is null ? null : new ContainerView.Wrapper("", inner);
    }
}
