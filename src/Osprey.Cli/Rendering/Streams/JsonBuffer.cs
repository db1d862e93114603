using System.Buffers;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>
/// Takes a JSON document as it is written and hands it on piece by piece, so that a large one takes no more memory than
/// a small one.
/// </summary>
/// <remarks>
/// What fits into one piece is only handed on by <see cref="Complete"/>: a command that fails soon prints nothing.
/// </remarks>
internal sealed class JsonBuffer(Output output) : IBufferWriter<byte>
{
    private const int PieceSize = 1 << 16;

    private byte[] _piece = new byte[PieceSize];
    private int _count;

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int wanted = Math.Max(sizeHint, 1);
        if (_piece.Length - _count < wanted)
        {
            Complete();
            output.FlushIfLarge();
            if (_piece.Length < wanted)
                _piece = new byte[wanted];
        }

        return _piece.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Hands on what is left.</summary>
    public void Complete()
    {
        output.Text.Append(_piece.AsSpan(0, _count));
        _count = 0;
    }
}
