using System.Buffers.Binary;
using System.Text;

namespace Osprey.Traces.Formats.Osvt.Recordings;

/// <summary>Lays out one chunk of a dump: its header, and its content, aligned as dumps have it.</summary>
/// <remarks>A chunk begins at a multiple of 8 bytes, so what is aligned in the chunk is aligned in the file.</remarks>
internal sealed class ChunkBuilder
{
    private const int HeaderSize = 16;

    private byte[] _bytes = new byte[1 << 12];
    private int _length;

    /// <summary>Begins a chunk; what was there before is forgotten.</summary>
    public void Begin(uint tag)
    {
        _length = 0;
        Grow(HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes, tag);
    }

    public void AddUInt32(uint value)
    {
        Align(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(Grow(sizeof(uint)), value);
    }

    public void AddUInt64(ulong value)
    {
        Align(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(Grow(sizeof(ulong)), value);
    }

    public void AddByte(byte value) => Grow(1)[0] = value;

    /// <summary>Adds a text; what does not fit is cut off.</summary>
    public void AddText(string text) => AddText(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="AddText(string)"/>
    public void AddText(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, ushort.MaxValue)];
        Align(sizeof(ushort));
        BinaryPrimitives.WriteUInt16LittleEndian(Grow(sizeof(ushort)), (ushort)text.Length);
        AddBytes(text);
    }

    public void AddBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Grow(bytes.Length));

    /// <summary>Adds so many bytes, to be filled by the caller at once.</summary>
    public Span<byte> Grow(int size)
    {
        if (_bytes.Length - _length < size)
            Array.Resize(ref _bytes, Math.Max(_length + size, _bytes.Length * 2));

        Span<byte> added = _bytes.AsSpan(_length, size);
        added.Clear();
        _length += size;
        return added;
    }

    /// <summary>Ends the chunk, and fills it up to where the next one begins.</summary>
    /// <returns>The chunk; valid until the next one begins.</returns>
    public ReadOnlyMemory<byte> End()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(sizeof(ulong)), (ulong)(_length - HeaderSize));
        Align(sizeof(ulong));
        return _bytes.AsMemory(0, _length);
    }

    private void Align(int alignment) => Grow(((_length + alignment - 1) & -alignment) - _length);
}
