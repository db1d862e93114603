namespace Osprey.Binary.Dwarf;

/// <summary>A section's bytes, fetched when they are first asked for. Thread-safe.</summary>
internal sealed class LazySection(string name, Func<string, ReadOnlyMemory<byte>> fetch)
{
    private readonly Lock _lock = new();
    private ReadOnlyMemory<byte> _content;
    private volatile bool _isFetched;

    /// <exception cref="BadDataException">They can't be fetched; asking again tries again.</exception>
    public ReadOnlyMemory<byte> Content
    {
        get
        {
            if (_isFetched)
                return _content;

            lock (_lock)
            {
                if (!_isFetched)
                    _content = fetch(name);

                _isFetched = true;
                return _content;
            }
        }
    }
}
