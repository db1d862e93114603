using Osprey.Symbols.Types;

namespace Osprey.Values.Containers.Standard;

/// <summary>Elements one behind another in memory.</summary>
internal static class Contiguous
{
    /// <summary>Opens a range between pointers, as vectors keep it.</summary>
    /// <returns>Null when the pointers can't be those of a vector.</returns>
    public static ContainerView.Items? Open(
        ValueSpace space,
        DebugType element,
        ulong size,
        ulong first,
        ulong last,
        ulong limit,
        string name
    )
    {
        if (last < first || limit < last || (last - first) % size != 0)
            return null;

        ulong count = (last - first) / size;
        Value Get(ulong index) => space.At(element, unchecked(first + (index * size)));
        return new ContainerView.Items(
            $"{name} of length {count}, capacity {(limit - first) / size}",
            ContainerKind.Sequence,
            count,
            _ => Walk(count, Get)
        )
        {
            At = Get,
        };
    }

    /// <summary>Elements by their positions, not more than any walk may visit.</summary>
    public static IEnumerable<ContainerElement> Walk(ulong count, Func<ulong, Value> get)
    {
        for (ulong i = 0; i < count; i++)
            yield return new ContainerElement(null, get(i));
    }
}
