using Osprey.Binary;

namespace Osprey.Symbols.Index;

/// <summary>
/// Converts ranges that can overlap to a sorted list of pieces that do not. An address that several ranges cover
/// belongs to the one of the highest priority.
/// </summary>
internal sealed class RangeFlattener
{
    // 2 MB; what a whole program linked as one unit took is not kept.
    private const int MaxSpareRanges = 1 << 16;

    // The lists of the last unit that this thread read. Memory that is touched for the first time costs more than what
    // is written to it.
    [ThreadStatic]
    private static Lists? _spare;

    private readonly Lists _lists = TakeSpare();
    private bool _isSorted = true;

    /// <summary>The value of pieces that no range covers.</summary>
    public const int Nothing = -1;

    /// <summary>Adds a range; an empty one is left out.</summary>
    public void Add(ulong low, ulong high, long priority, int value)
    {
        if (low < high)
        {
            var range = new Range(low, high, priority, value);
            ref ArrayBuilder<Range> ranges = ref _lists.Ranges;
            _isSorted &= ranges.Count == 0 || ranges[ranges.Count - 1].CompareTo(range) <= 0;
            ranges.Add(range);
        }
    }

    /// <summary>
    /// Returns the pieces. Each reaches from its start to the start of the next one; the last has the value
    /// <see cref="Nothing"/>. The object is not used after that.
    /// </summary>
    public (ulong[] Starts, int[] Values) Flatten()
    {
        Span<Range> ranges = _lists.Ranges.AsSpan();
        if (!_isSorted)
            StableSort.Sort(ranges, _lists.RoomFor(ranges.Length));

        ref ArrayBuilder<ulong> starts = ref _lists.Starts;
        ref ArrayBuilder<int> values = ref _lists.Values;
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

        (ulong[], int[]) pieces = (starts.ToArray(), values.ToArray());
        if (ranges.Length <= MaxSpareRanges)
            _spare = _lists;

        return pieces;
    }

    private static Lists TakeSpare()
    {
        Lists lists = _spare ?? new Lists();
        _spare = null;
        lists.Ranges.Clear();
        lists.Starts.Clear();
        lists.Values.Clear();
        return lists;
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

    private sealed class Lists
    {
        public ArrayBuilder<Range> Ranges;
        public ArrayBuilder<ulong> Starts;
        public ArrayBuilder<int> Values;
        private Range[] _room = [];

        public Span<Range> RoomFor(int count)
        {
            if (_room.Length < count)
                _room = new Range[count];

            return _room;
        }
    }
}
