using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary><c>std::atomic</c> of all kinds, <c>atomic_flag</c> too: shown as the value that they hold.</summary>
internal sealed class AtomicReader : IContainerReader
{
    public bool Matches(CompoundType type) =>
        LibraryTypes.GetTemplate(type)
            is "std::atomic"
                or "std::__atomic_base"
                or "std::atomic_flag"
                or "std::__atomic_flag_base"
                or "std::__atomic_float";

    public ContainerView? Open(Value value, CompoundType type)
    {
        // Of a class or enumeration _M_i, of an integer the same in a base; of bool in a member _M_base; of a pointer
        // _M_b._M_p.
        Value? inner =
            value.Member("_M_i", "_M_fp", "_M_p") ?? value.Path("_M_b", "_M_p") ?? value.Path("_M_base", "_M_i");
        return inner is null ? null : new ContainerView.Wrapper("", inner);
    }
}
