using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Osprey.Traces.Exports.Protobuf;

/// <summary>
/// A message of Protocol Buffers that is being put together: fields by number, in the order of the calls.
/// </summary>
/// <remarks>
/// The wire format is that of https://protobuf.dev/programming-guides/encoding/. A message inside of another is a
/// message of its own that is added when it is whole; <see cref="Clear"/> makes it empty for the next one, so that a
/// stream of messages needs a few buffers and no more. Fields that are zero are written, too: callers leave out what
/// they don't have.
/// </remarks>
internal sealed class ProtobufMessage
{
    private const int LongestVarint = 10;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
    }

    /// <summary>The message so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Makes the message empty.</summary>
    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>Adds a number, one of the types uint64, uint32, bool and enum.</summary>
    public void Add(int field, ulong value)
    {
        WriteTag(field, WireType.Varint);
        WriteVarint(value);
    }

    /// <summary>Adds a number of the type int64 or int32.</summary>
    public void AddSigned(int field, long value) => Add(field, unchecked((ulong)value));

    /// <summary>Adds a number of the type fixed64.</summary>
    public void AddFixed(int field, ulong value)
    {
        WriteTag(field, WireType.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), value);
        _bytes.Advance(sizeof(ulong));
    }

    /// <summary>Adds a text; half a surrogate pair becomes U+FFFD.</summary>
    public void Add(int field, ReadOnlySpan<char> text)
    {
        WriteTag(field, WireType.Bytes);
        WriteVarint((ulong)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _bytes);
    }

    /// <summary>Adds a message that is whole.</summary>
    public void Add(int field, ProtobufMessage message)
    {
        WriteTag(field, WireType.Bytes);
        WriteVarint((ulong)message.Written.Length);
        _bytes.Write(message.Written);
    }

    /// <summary>Adds numbers as one packed field.</summary>
    public void AddPacked(int field, ReadOnlySpan<ulong> values)
    {
        int size = 0;
        foreach (ulong value in values)
            size += VarintSize(value);

        WriteTag(field, WireType.Bytes);
        WriteVarint((ulong)size);
        foreach (ulong value in values)
            WriteVarint(value);
    }

    private static int VarintSize(ulong value)
    {
        int size = 1;
        for (; value >= 0x80; value >>= 7)
            size++;

        return size;
    }

    private void WriteTag(int field, WireType type) => WriteVarint(((ulong)field << 3) | (ulong)type);

    private void WriteVarint(ulong value)
    {
        Span<byte> target = _bytes.GetSpan(LongestVarint);
        int size = 0;
        for (; value >= 0x80; value >>= 7)
            target[size++] = (byte)((value & 0x7f) | 0x80);

        target[size++] = (byte)value;
        _bytes.Advance(size);
    }
}
