using Osprey.Symbols.Types.Names;

namespace Osprey.Symbols.Types.Btf;

/// <summary>An index of names: a hash table whose entries are in two arrays, without an object for each.</summary>
internal sealed class BtfNameIndex
{
    private readonly List<(ulong Hash, int Type, int Next)> _entries;
    private int[] _buckets;

    /// <summary>Creates an empty index.</summary>
    /// <param name="capacity">The expected number of names.</param>
    public BtfNameIndex(int capacity)
    {
        _entries = new(capacity);
        _buckets = [];
    }

    /// <summary>Adds a name of a type.</summary>
    public void Add(ReadOnlySpan<byte> name, int type) => _entries.Add((NameHash.Of(name), type, -1));

    /// <summary>Makes the names that were added ready to be found.</summary>
    public void Complete()
    {
        int size = 16;
        while (size < _entries.Count)
            size *= 2;

        _buckets = new int[size];
        Array.Fill(_buckets, -1);

        // From the last on, so that a chain has its names in the order in which they were added.
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            (ulong hash, int type, _) = _entries[i];
            ref int bucket = ref _buckets[(int)(hash & (ulong)(size - 1))];
            _entries[i] = (hash, type, bucket);
            bucket = i;
        }
    }

    /// <summary>Finds the types that a name was added for, in that order.</summary>
    public IEnumerable<int> Find(string name)
    {
        ulong wanted = NameHash.Of(name);
        for (int i = _buckets[(int)(wanted & (ulong)(_buckets.Length - 1))]; i >= 0; i = _entries[i].Next)
        {
            if (_entries[i].Hash == wanted)
                yield return _entries[i].Type;
        }
    }
}
