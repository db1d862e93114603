using System.Globalization;
using Osprey.Values;
using Osprey.Values.Containers;
using Osprey.Values.Printing;

namespace Osprey.Dap.Values;

/// <summary>
/// The elements of a container, from a number on; where the container does not store how many there are, the last part
/// that is listed stands for those behind.
/// </summary>
internal sealed class ContainerParts(Value container, ContainerView.Items items, string? expression, long first = 0)
    : VariableGroup
{
    private static readonly ValueTextOptions s_keys = ValueTextOptions.Default with
    {
        MaxDepth = 2,
        MaxElements = 40,
        StaticMembers = false,
    };

    /// <inheritdoc/>
    public override int NamedCount => first == 0 ? 1 : 0;

    /// <inheritdoc/>
    public override long? IndexedCount => items.Count is ulong count ? (long)Math.Min(count, int.MaxValue) : null;

    /// <inheritdoc/>
    public override IEnumerable<ChildValue> ListNamed(int start, int count) =>
        start == 0 && count > 0 && first == 0
            ?
            [
                new ChildValue("[raw]", container)
                {
                    IsRaw = true,
                    Text = "",
                    Expression = expression,
                },
            ]
            : [];

    /// <inheritdoc/>
    public override IEnumerable<ChildValue> ListIndexed(long start, int count)
    {
        long at = first + start;
        if (items is { At: { } find, Count: { } known })
        {
            for (long end = Math.Min(at + count, (long)Math.Min(known, int.MaxValue)); at < end; at++)
                yield return Describe(at, new ContainerElement(null, find((ulong)at)));

            yield break;
        }

        ElementWalk walk = items.Start();
        long index = 0;
        foreach (ContainerElement element in walk.Enumerate())
        {
            if (index >= at + count)
            {
                if (items.Count is null)
                    yield return new ChildValue("[more]", null)
                    {
                        Text = string.Create(CultureInfo.InvariantCulture, $"elements from {index} on"),
                        Parts = new ContainerParts(container, items, expression, index),
                    };

                yield break;
            }

            if (index >= at)
                yield return Describe(index, element);

            index++;
        }

        if (walk.Defect is { } defect)
            yield return new ChildValue("[incomplete]", null) { Text = defect };
    }

    private static ChildValue Describe(long index, ContainerElement element) =>
        new(
            element.Key is { } key
                ? $"[{ValueText.FormatInner(key, s_keys)}]"
                : string.Create(CultureInfo.InvariantCulture, $"[{index}]"),
            element.Value
        );
}
