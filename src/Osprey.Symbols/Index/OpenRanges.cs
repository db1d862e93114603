namespace Osprey.Symbols.Index;

/// <summary>The ranges that cover the current position of a sweep: a heap with the highest priority on top.</summary>
internal sealed class OpenRanges
{
    private RangeFlattener.Range[] _heap = new RangeFlattener.Range[64];
    private int _count;

    /// <summary>True when there is no range.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>The range of the highest priority; there must be one.</summary>
    public RangeFlattener.Range Top => _heap[0];

    /// <summary>Adds a range.</summary>
    public void Add(in RangeFlattener.Range range)
    {
        if (_count == _heap.Length)
            Array.Resize(ref _heap, _count * 2);

        int index = _count++;
        while (index > 0 && _heap[(index - 1) / 2].Priority < range.Priority)
        {
            _heap[index] = _heap[(index - 1) / 2];
            index = (index - 1) / 2;
        }

        _heap[index] = range;
    }

    /// <summary>
    /// Removes ranges that end at or before <paramref name="position"/> from the top. Those below the top are removed
    /// when they get there.
    /// </summary>
    public void RemoveEnded(ulong position)
    {
        while (_count > 0 && _heap[0].High <= position)
            RemoveTop();
    }

    private void RemoveTop()
    {
        RangeFlattener.Range last = _heap[--_count];
        int index = 0;
        while (true)
        {
            int child = (2 * index) + 1;
            if (child >= _count)
                break;

            if (child + 1 < _count && _heap[child + 1].Priority > _heap[child].Priority)
                child++;

            if (_heap[child].Priority <= last.Priority)
                break;

            _heap[index] = _heap[child];
            index = child;
        }

        _heap[index] = last;
    }
}
