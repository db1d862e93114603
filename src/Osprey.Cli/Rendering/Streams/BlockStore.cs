namespace Osprey.Cli.Rendering.Streams;

/// <summary>Cuts places that are kept out of few large blocks; for any thread.</summary>
/// <typeparam name="T">What the places hold.</typeparam>
/// <param name="blockSize">The elements of a block.</param>
internal sealed class BlockStore<T>(int blockSize)
    where T : unmanaged
{
    private const int FirstSize = 1 << 18;

    private readonly Lock _lock = new();
    private T[] _block = [];
    private int _used;

    /// <summary>A place that nobody else has; its elements hold anything.</summary>
    public Memory<T> Take(int length)
    {
        lock (_lock)
        {
            if (_block.Length - _used < length)
            {
                _block = HugePages.Allocate<T>(Math.Max(length, _block.Length == 0 ? FirstSize : blockSize));
                _used = 0;
            }

            Memory<T> place = _block.AsMemory(_used, length);
            _used += length;
            return place;
        }
    }
}
