namespace Osprey.Cli.Rendering.Streams;

/// <summary>Keeps many pieces of text in few large blocks.</summary>
internal sealed class TextStore
{
    private const int FirstSize = 1 << 18;
    private const int BlockSize = 1 << 25;

    private byte[] _block = [];
    private int _used;

    /// <summary>Keeps a copy of a piece.</summary>
    public ReadOnlyMemory<byte> Add(ReadOnlySpan<byte> text)
    {
        if (_block.Length - _used < text.Length)
        {
            int size = Math.Max(text.Length, _block.Length == 0 ? FirstSize : BlockSize);
            _block = HugePages.Allocate<byte>(size);
            _used = 0;
        }

        text.CopyTo(_block.AsSpan(_used));
        ReadOnlyMemory<byte> kept = _block.AsMemory(_used, text.Length);
        _used += text.Length;
        return kept;
    }
}
