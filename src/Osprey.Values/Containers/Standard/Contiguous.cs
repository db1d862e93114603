using Osprey.Symbols.Types;

namespace Osprey.Values.Containers.Standard;

/// <summary>Gives elements that follow one another in memory.</summary>
internal static class Contiguous
{
    /// <summary>Opens the range between two pointers, as a vector stores it.</summary>
    /// <returns>Null when the pointers cannot be those of a vector.</returns>
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

    /// <summary>Gives the elements one by one. The caller's walk limits their number.</summary>
    public static IEnumerable<ContainerElement> Walk(ulong count, Func<ulong, Value> get)
    {
        for (ulong i = 0; i < count; i++)
            yield return new ContainerElement(null, get(i));
    }
}
