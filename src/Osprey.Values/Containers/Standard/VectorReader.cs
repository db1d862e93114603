using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads <c>std::vector</c>, and <c>std::vector&lt;bool&gt;</c>, which stores bits.</summary>
internal sealed class VectorReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    public bool Matches(CompoundType type) => LibraryTypes.GetTemplate(type) == "std::vector";

    public ContainerView? Open(Value value, CompoundType type)
    {
        Value? impl = value.Member("_M_impl");
        Value? start = impl?.Member("_M_start");
        Value? finish = impl?.Member("_M_finish");
        Value? end = impl?.Member("_M_end_of_storage");
        if (start is null || finish is null || end is null)
            return null;

        if (start.ResolvedType is CompoundType)
            return OpenBits(value.Space, start, finish, end);

        if (
            start.ResolvedType is not PointerType { Target: { } element }
            || value.Space.GetSize(element) is not (> 0 and var size)
        )
            return null;

        if (
            !start.TryGetUInt64(out ulong first)
            || !finish.TryGetUInt64(out ulong last)
            || !end.TryGetUInt64(out ulong limit)
        )
            return null;

        return Contiguous.Open(value.Space, element, size, first, last, limit, "std::vector");
    }

    private static ContainerView.Items? OpenBits(ValueSpace space, Value start, Value finish, Value end)
    {
        const int WordBits = 64;
        if (
            !LibraryTypes.TryReadPointer(start.Member("_M_p"), out ulong first)
            || !LibraryTypes.TryReadPointer(finish.Member("_M_p"), out ulong last)
            || !LibraryTypes.TryReadPointer(start.Member("_M_offset"), out ulong firstBit)
            || !LibraryTypes.TryReadPointer(finish.Member("_M_offset"), out ulong lastBit)
            || !LibraryTypes.TryReadPointer(end, out ulong limit)
        )
        {
            return null;
        }

        UInt128 from = ((UInt128)first * 8) + firstBit;
        UInt128 to = ((UInt128)last * 8) + lastBit;
        if (to < from || firstBit >= WordBits || lastBit >= WordBits || limit < last)
            return null;

        ulong count = (ulong)UInt128.Min(to - from, ulong.MaxValue);
        Value GetBit(ulong index)
        {
            UInt128 bit = from + index;
            return space
                .At(BuiltinTypes.Bool, (ulong)(bit >> 3))
                .At(0, BuiltinTypes.Bool, new MemberBits((int)(bit & 7), 1));
        }

        string title = $"std::vector<bool> of length {count}, capacity {(UInt128)(limit - first) * 8}";
        return new ContainerView.Items(title, ContainerKind.Sequence, count, _ => Contiguous.Walk(count, GetBit))
        {
            At = GetBit,
        };
    }
}
