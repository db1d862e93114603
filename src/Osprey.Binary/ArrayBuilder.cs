namespace Osprey.Binary;

/// <summary>A list of small values, for the few that are filled on the way to a first answer.</summary>
/// <remarks>
/// Ahead-of-time compilation can't compile the class library's list for a type of ours, because the library is not a
/// part of our assembly: each such list costs milliseconds of just-in-time compilation at every start. This file is
/// compiled into both assemblies that need it for the same reason.
/// </remarks>
internal struct ArrayBuilder<T>
{
    private T[]? _items;

    public int Count { get; private set; }

    public readonly ref T this[int index] => ref _items![index];

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

    /// <summary>Drops the last item, which must exist.</summary>
    public void RemoveLast() => Count--;

    public void Clear() => Count = 0;

    public readonly T[] ToArray()
    {
        if (Count == 0)
            return [];

        var items = new T[Count];
        Array.Copy(_items!, items, Count);
        return items;
    }
}
