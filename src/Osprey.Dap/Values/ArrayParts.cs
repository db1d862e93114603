using System.Globalization;
using Osprey.Values;

namespace Osprey.Dap.Values;

/// <summary>The elements of an array.</summary>
internal sealed class ArrayParts(Value array, ulong count, string? expression) : VariableGroup
{
    /// <inheritdoc/>
    public override int NamedCount => 0;

    /// <inheritdoc/>
    public override long? IndexedCount => (long)Math.Min(count, int.MaxValue);

    /// <inheritdoc/>
    public override IEnumerable<ChildValue> ListNamed(int start, int count) => [];

    /// <inheritdoc/>
    public override IEnumerable<ChildValue> ListIndexed(long start, int count)
    {
        long end = Math.Min(start + count, IndexedCount ?? 0);
        for (long i = start; i < end; i++)
        {
            if (array.Index(i) is not { } element)
                yield break;

            string index = string.Create(CultureInfo.InvariantCulture, $"[{i}]");
            yield return new ChildValue(index, element) { Expression = expression is null ? null : expression + index };
        }
    }
}
