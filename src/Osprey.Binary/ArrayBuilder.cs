namespace Osprey.Binary;

/// <summary>A growing array of small values, for the few lists that are filled on the way to a first answer.</summary>
/// <remarks>
/// Ahead-of-time compilation cannot compile the class library's list for a type of ours, because the library is not
/// part of our assembly. Each such list would cost milliseconds of just-in-time compilation at every start.
/// </remarks>
internal struct ArrayBuilder<T>
{
    private T[]? _items;

    /// <summary>The number of items.</summary>
    public int Count { get; private set; }

    /// <summary>The item at <paramref name="index"/>, which must be below <see cref="Count"/>.</summary>
    public readonly ref T this[int index] => ref _items![index];

    /// <summary>Adds an item at the end.</summary>
    public void Add(T item)
    {
        T[]? items = _items;
        if (items is null || Count == items.Length)
        {
            items = new T[Math.Max(16, Count * 2)];
            if (_items is not null)
                Array.Copy(_items, items, Count);

            _items = items;
        }

        items[Count++] = item;
    }

    /// <summary>Removes the last item, which must exist.</summary>
    public void RemoveLast() => Count--;

    /// <summary>Removes all items; the memory is kept and used again.</summary>
    public void Clear() => Count = 0;

    /// <summary>The items; only until the next one is added.</summary>
    public readonly Span<T> AsSpan() => _items.AsSpan(0, Count);

    /// <summary>Copies the items to an array of exactly their number.</summary>
    public readonly T[] ToArray()
    {
        if (Count == 0)
            return [];

        var items = new T[Count];
        Array.Copy(_items!, items, Count);
        return items;
    }
}
