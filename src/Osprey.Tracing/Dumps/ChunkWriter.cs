using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Osprey.Tracing.Dumps;

/// <summary>
/// Writes the parts of a dump: numbers at multiples of their size, texts with their length, chunks at multiples of 8.
/// </summary>
internal sealed class ChunkWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);

    /// <summary>The number of bytes so far.</summary>
    public int Length => _bytes.WrittenCount;

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void WriteByte(byte value) => _bytes.Write([value]);

    public void WriteUInt32(uint value)
    {
        Align(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
    }

    public void WriteUInt64(ulong value)
    {
        Align(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), value);
        _bytes.Advance(sizeof(ulong));
    }

    /// <summary>Writes a text; one of more than 65,535 bytes is cut.</summary>
    public void WriteText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = Math.Min(bytes.Length, ushort.MaxValue);
        Align(sizeof(ushort));
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.GetSpan(sizeof(ushort)), (ushort)length);
        _bytes.Advance(sizeof(ushort));
        _bytes.Write(bytes.AsSpan(0, length));
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public void Align(int size)
    {
        int padding = -_bytes.WrittenCount & (size - 1);
        if (padding == 0)
            return;

        _bytes.GetSpan(padding)[..padding].Clear();
        _bytes.Advance(padding);
    }
}
