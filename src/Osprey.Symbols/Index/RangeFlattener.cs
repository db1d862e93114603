using Osprey.Binary;

namespace Osprey.Symbols.Index;

/// <summary>
/// Converts ranges that can overlap to a sorted list of pieces that do not. An address that several ranges cover
/// belongs to the one of the highest priority.
/// </summary>
internal sealed class RangeFlattener
{
    private ArrayBuilder<Range> _ranges;
    private bool _isSorted = true;

    /// <summary>The value of pieces that no range covers.</summary>
    public const int Nothing = -1;

    /// <summary>Adds a range; an empty one is left out.</summary>
    public void Add(ulong low, ulong high, long priority, int value)
    {
        if (low < high)
        {
            var range = new Range(low, high, priority, value);
            _isSorted &= _ranges.Count == 0 || _ranges[_ranges.Count - 1].CompareTo(range) <= 0;
            _ranges.Add(range);
        }
    }

    /// <summary>
    /// Returns the pieces. Each reaches from its start to the start of the next one; the last has the value
    /// <see cref="Nothing"/>.
    /// </summary>
    public (ulong[] Starts, int[] Values) Flatten()
    {
        Range[] ranges = _ranges.ToArray();
        if (!_isSorted)
            StableSort.Sort(ranges);

        var starts = new ArrayBuilder<ulong>();
        var values = new ArrayBuilder<int>();
        var open = new OpenRanges();
        int next = 0;
        ulong position = 0;
        while (true)
        {
            open.RemoveEnded(position);
            if (open.IsEmpty)
            {
                Emit(ref starts, ref values, position, Nothing);
                if (next == ranges.Length)
                    break;

                position = ranges[next].Low;
            }

            while (next < ranges.Length && ranges[next].Low == position)
                open.Add(ranges[next++]);

            Range top = open.Top;
            Emit(ref starts, ref values, position, top.Value);
            position = next < ranges.Length && ranges[next].Low < top.High ? ranges[next].Low : top.High;
        }

        return (starts.ToArray(), values.ToArray());
    }

    private static void Emit(ref ArrayBuilder<ulong> starts, ref ArrayBuilder<int> values, ulong start, int value)
    {
        int last = starts.Count - 1;
        if (last >= 0 && starts[last] == start)
            values[last] = value;
        else if (last < 0 ? value != Nothing : values[last] != value)
        {
            starts.Add(start);
            values.Add(value);
        }
    }

    /// <summary>A range with a priority and a value.</summary>
    internal readonly record struct Range(ulong Low, ulong High, long Priority, int Value) : IComparable<Range>
    {
        public int CompareTo(Range other)
        {
            int order = Low.CompareTo(other.Low);
            return order != 0 ? order : Priority.CompareTo(other.Priority);
        }
    }
}
