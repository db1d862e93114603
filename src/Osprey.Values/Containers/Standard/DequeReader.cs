using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Memory;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads <c>std::deque</c>: a table of pointers to buffers of equal size.</summary>
internal sealed class DequeReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    public bool Matches(CompoundType type) => LibraryTypes.GetTemplate(type) == "std::deque";

    public ContainerView? Open(Value value, CompoundType type)
    {
        Value? start = value.Path("_M_impl", "_M_start");
        Value? finish = value.Path("_M_impl", "_M_finish");
        if (
            start?.Member("_M_cur") is not { ResolvedType: PointerType { Target: { } element } } cursor
            || value.Space.GetSize(element) is not (> 0 and { } size)
        )
            return null;

        if (
            !cursor.TryGetUInt64(out ulong firstElement)
            || !LibraryTypes.TryReadPointer(start.Member("_M_first"), out ulong buffer)
            || !LibraryTypes.TryReadPointer(start.Member("_M_last"), out ulong bufferEnd)
            || !LibraryTypes.TryReadPointer(start.Member("_M_node"), out ulong firstNode)
            || !LibraryTypes.TryReadPointer(finish?.Member("_M_cur"), out ulong lastElement)
            || !LibraryTypes.TryReadPointer(finish?.Member("_M_first"), out ulong lastBuffer)
            || !LibraryTypes.TryReadPointer(finish?.Member("_M_node"), out ulong lastNode)
        )
        {
            return null;
        }

        if (
            bufferEnd <= buffer
            || firstElement < buffer
            || firstElement >= bufferEnd
            || lastElement < lastBuffer
            || lastNode < firstNode
        )
            return null;

        ulong perBuffer = (bufferEnd - buffer) / size;
        ulong skipped = (firstElement - buffer) / size;
        ulong tail = (lastElement - lastBuffer) / size;
        UInt128 total = ((UInt128)((lastNode - firstNode) / sizeof(ulong)) * perBuffer) + tail;
        if (perBuffer == 0 || total < skipped || total - skipped > long.MaxValue)
            return null;

        ulong count = (ulong)(total - skipped);
        Value Get(ulong index)
        {
            ulong position = skipped + index;
            ulong node = unchecked(firstNode + (position / perBuffer * sizeof(ulong)));
            return value.Space.Memory.TryReadUInt64(node, out ulong at)
                ? value.Space.At(element, unchecked(at + (position % perBuffer * size)))
                : value.Space.Missing(element, ValueProblem.Unreadable(node));
        }

        return new ContainerView.Items(
            $"std::deque with {Plural.Elements(count)}",
            ContainerKind.Sequence,
            count,
            _ => Contiguous.Walk(count, Get)
        )
        {
            At = Get,
        };
    }
}
