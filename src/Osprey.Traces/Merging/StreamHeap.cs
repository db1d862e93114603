namespace Osprey.Traces.Merging;

/// <summary>A heap of streams by the time of each one's next sample: the k-way merge of a trace's CPUs.</summary>
/// <remarks>
/// The sift is the one that moves the smaller child up to a leaf first and the new item from there back up. With
/// <see cref="MergeOrder.Reference"/> it matters: equal times then come out in the order that this sift leaves.
/// </remarks>
/// <param name="capacity">The most streams there will be.</param>
/// <param name="order">How equal times are ordered.</param>
internal sealed class StreamHeap(int capacity, MergeOrder order)
{
    private readonly (ulong Time, int Stream)[] _items = new (ulong, int)[capacity];

    /// <summary>The number of streams that still have samples.</summary>
    public int Count { get; private set; }

    /// <summary>The stream whose sample comes next.</summary>
    public int First => _items[0].Stream;

    /// <summary>Adds a stream before <see cref="Build"/>.</summary>
    public void Add(ulong time, int stream) => _items[Count++] = (time, stream);

    /// <summary>Makes a heap of what was added.</summary>
    public void Build()
    {
        for (int i = (Count / 2) - 1; i >= 0; i--)
            SiftUp(i);
    }

    /// <summary>Says that the first stream's next sample is at <paramref name="time"/>.</summary>
    public void Replace(ulong time)
    {
        _items[0].Time = time;
        SiftUp(0);
    }

    /// <summary>Takes the first stream out: it has ended.</summary>
    public void RemoveFirst()
    {
        Count--;
        _items[0] = _items[Count];
        if (Count > 0)
            SiftUp(0);
    }

    private bool IsLess((ulong Time, int Stream) a, (ulong Time, int Stream) b) =>
        a.Time < b.Time || (order == MergeOrder.TimeThenCpu && a.Time == b.Time && a.Stream < b.Stream);

    private void SiftUp(int position)
    {
        int start = position;
        (ulong Time, int Stream) item = _items[position];
        int child = (2 * position) + 1;
        while (child < Count)
        {
            int right = child + 1;
            if (right < Count && !IsLess(_items[child], _items[right]))
                child = right;

            _items[position] = _items[child];
            position = child;
            child = (2 * position) + 1;
        }

        _items[position] = item;
        while (position > start)
        {
            int parent = (position - 1) >> 1;
            if (!IsLess(item, _items[parent]))
                break;

            _items[position] = _items[parent];
            position = parent;
        }

        _items[position] = item;
    }
}
