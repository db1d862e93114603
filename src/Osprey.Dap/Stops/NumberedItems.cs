namespace Osprey.Dap.Stops;

/// <summary>
/// Items that the client names by numbers, until the guest runs on. A number is not used again for another item soon
/// after, so that one from before a stop is told to be old.
/// </summary>
/// <typeparam name="TItem">The items.</typeparam>
internal sealed class NumberedItems<TItem>
    where TItem : class
{
    /// <summary>The most items that are kept: more get no number.</summary>
    public const int MaxCount = 200_000;

    private const int MaxFirst = 1_000_000_000;

    private readonly List<TItem> _items = [];
    private readonly Dictionary<object, int> _numbers = [];
    private int _first = 1;

    /// <summary>The number of items that are kept.</summary>
    public int Count => _items.Count;

    /// <summary>Gives the number of an item, the same for the same key; 0 when there are too many.</summary>
    public int Add(object key, TItem item)
    {
        if (_numbers.TryGetValue(key, out int number))
            return number;

        if (_items.Count >= MaxCount)
            return 0;

        _items.Add(item);
        number = _first + _items.Count - 1;
        _numbers.Add(key, number);
        return number;
    }

    /// <summary>Finds an item; null when the number is old, or never was one.</summary>
    public TItem? Find(int number) =>
        number >= _first && number - _first < _items.Count ? _items[number - _first] : null;

    /// <summary>Forgets all items.</summary>
    public void Clear()
    {
        _first = _first > MaxFirst ? 1 : _first + _items.Count;
        _items.Clear();
        _numbers.Clear();
    }
}
