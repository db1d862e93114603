using Osprey.Git.Objects;

namespace Osprey.Git.Packs;

/// <summary>Keeps objects of packs that others may be deltas of, the ones used last.</summary>
/// <param name="maxSize">Most bytes to keep.</param>
internal sealed class ObjectCache(int maxSize)
{
    private const int MaxShare = 4;
    private const int ItemSize = 200; // of an item without its bytes: empty objects take memory, too

    private readonly Dictionary<(Pack Pack, long Offset), LinkedListNode<Item>> _items = [];
    private readonly LinkedList<Item> _byUse = [];
    private long _size;

    /// <summary>Finds an object.</summary>
    public bool TryGet(Pack pack, long offset, out (GitObjectType Type, byte[] Data) value)
    {
        bool isThere = _items.TryGetValue((pack, offset), out LinkedListNode<Item>? node);
        value = isThere ? node!.Value.Value : default;
        if (isThere)
        {
            _byUse.Remove(node!);
            _byUse.AddLast(node!);
        }

        return isThere;
    }

    /// <summary>Adds an object, unless it would take much of the room.</summary>
    public void Add(Pack pack, long offset, (GitObjectType Type, byte[] Data) value)
    {
        if (value.Data.Length > maxSize / MaxShare || _items.ContainsKey((pack, offset)))
            return;

        _items.Add((pack, offset), _byUse.AddLast(new Item(pack, offset, value)));
        _size += value.Data.Length + ItemSize;
        while (_size > maxSize && _byUse.First is { } oldest)
        {
            _byUse.RemoveFirst();
            _items.Remove((oldest.Value.Pack, oldest.Value.Offset));
            _size -= oldest.Value.Value.Data.Length + ItemSize;
        }
    }

    private readonly record struct Item(Pack Pack, long Offset, (GitObjectType Type, byte[] Data) Value);
}
