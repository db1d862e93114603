namespace Osprey.Symbols.Index;

/// <summary>The ranges that cover the place a sweep stands at: a heap with the highest priority on top.</summary>
internal sealed class OpenRanges
{
    private RangeFlattener.Range[] _heap = new RangeFlattener.Range[64];
    private int _count;

    public bool IsEmpty => _count == 0;

    public RangeFlattener.Range Top => _heap[0];

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
    /// Takes ranges off the top that end at or before <paramref name="position"/>; ended ones below wait their turn.
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
