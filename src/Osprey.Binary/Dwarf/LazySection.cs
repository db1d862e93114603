namespace Osprey.Binary.Dwarf;

/// <summary>A section's bytes, fetched when they are first asked for. Thread-safe.</summary>
internal sealed class LazySection(string name, Func<string, ReadOnlyMemory<byte>> fetch)
{
    private readonly Lock _lock = new();
    private ReadOnlyMemory<byte> _content;
    private volatile bool _isFetched;

    /// <summary>The bytes; empty when the file has no such section.</summary>
    /// <exception cref="BadDataException">The bytes can't be fetched; the next call tries again.</exception>
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
