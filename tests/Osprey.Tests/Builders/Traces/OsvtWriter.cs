using System.Buffers.Binary;
using System.Text;

namespace Osprey.Tests.Builders.Traces;

/// <summary>Writes the primitives of a dump, each aligned to its size from the start of the file.</summary>
internal sealed class OsvtWriter
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public void Align(int alignment)
    {
        while (_bytes.Count % alignment != 0)
            _bytes.Add(0);
    }

    public void Byte(byte value) => _bytes.Add(value);

    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public void UInt16(ushort value) => Scalar(value, sizeof(ushort));

    public void UInt32(uint value) => Scalar(value, sizeof(uint));

    public void UInt64(ulong value) => Scalar(value, sizeof(ulong));

    public void Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        UInt16((ushort)bytes.Length);
        Bytes(bytes);
    }

    public void PatchUInt64(int offset, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        for (int i = 0; i < bytes.Length; i++)
            _bytes[offset + i] = bytes[i];
    }

    private void Scalar(ulong value, int size)
    {
        Align(size);
        for (int i = 0; i < size; i++)
            _bytes.Add((byte)((value >> (8 * i)) & 0xff));
    }
}
