using System.Buffers.Binary;

namespace Osprey.Traces.Model;

/// <summary>The arguments of one sample, read by index through their layout.</summary>
/// <param name="layout">The tracepoint's layout.</param>
/// <param name="payload">The sample's arguments; must be as long as the layout says.</param>
public readonly ref struct PayloadArguments(PayloadLayout layout, ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _payload = payload;

    /// <summary>The number of arguments.</summary>
    public int Count => layout.Fields.Length;

    /// <summary>The type of argument <paramref name="index"/>.</summary>
    public ArgumentType TypeOf(int index) => layout.Fields[index].Type;

    /// <summary>An integer, pointer, boolean or character as 64 bits, sign-extended when it is signed.</summary>
    public long GetInteger(int index)
    {
        ReadOnlySpan<byte> bytes = _payload[layout.OffsetOf(index, _payload)..];
        return TypeOf(index) switch
        {
            ArgumentType.SByte => unchecked((sbyte)bytes[0]),
            ArgumentType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ArgumentType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            ArgumentType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ArgumentType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            ArgumentType.Int64 or ArgumentType.UInt64 or ArgumentType.Pointer => BinaryPrimitives.ReadInt64LittleEndian(
                bytes
            ),
            ArgumentType.Boolean => bytes[0] != 0 ? 1 : 0,
            _ => bytes[0],
        };
    }

    /// <summary>A floating-point argument.</summary>
    public double GetDouble(int index)
    {
        ReadOnlySpan<byte> bytes = _payload[layout.OffsetOf(index, _payload)..];
        return TypeOf(index) == ArgumentType.Single
            ? BinaryPrimitives.ReadSingleLittleEndian(bytes)
            : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    /// <summary>The bytes of a text or blob; a text's length is held to its field.</summary>
    public ReadOnlySpan<byte> GetBytes(int index)
    {
        PayloadField field = layout.Fields[index];
        int offset = layout.OffsetOf(index, _payload);
        return field.Type == ArgumentType.Text
            ? field.Size == 0
                ? []
                : _payload.Slice(offset + 1, Math.Min(_payload[offset], field.Size - 1))
            : _payload.Slice(offset + field.Size, BinaryPrimitives.ReadUInt16LittleEndian(_payload[offset..]));
    }
}
