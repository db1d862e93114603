using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Osprey.Tests.Traces.Exports;

/// <summary>Writes a message of Protocol Buffers as text, field by field, without knowing its schema.</summary>
/// <remarks>
/// Bytes are shown as a message where the fields named as such are, else as text; a list of fields says which, by their
/// path of numbers, such as <c>1.11</c>.
/// </remarks>
internal static class ProtobufText
{
    /// <summary>Decodes a message.</summary>
    /// <param name="data">The whole message.</param>
    /// <param name="messages">The paths of fields that are messages.</param>
    /// <param name="packed">The paths of fields that are packed numbers.</param>
    public static string Of(ReadOnlySpan<byte> data, string[] messages, params string[] packed)
    {
        var text = new StringBuilder();
        Append(text, data, "", 0, messages, packed);
        return text.ToString();
    }

    private static void Append(
        StringBuilder text,
        ReadOnlySpan<byte> data,
        string path,
        int depth,
        string[] messages,
        string[] packed
    )
    {
        while (!data.IsEmpty)
        {
            ulong tag = Varint(ref data);
            string field = path + (tag >> 3).ToString(CultureInfo.InvariantCulture);
            text.Append(' ', 2 * depth).Append(tag >> 3).Append(": ");
            switch (tag & 7)
            {
                case 0:
                    text.Append(Varint(ref data)).Append('\n');
                    break;
                case 1:
                    text.Append(CultureInfo.InvariantCulture, $"0x{BinaryPrimitives.ReadUInt64LittleEndian(data):x}\n");
                    data = data[sizeof(ulong)..];
                    break;
                case 2:
                    int size = checked((int)Varint(ref data));
                    ReadOnlySpan<byte> bytes = data[..size];
                    data = data[size..];
                    if (messages.Contains(field))
                    {
                        text.Append("{\n");
                        Append(text, bytes, field + ".", depth + 1, messages, packed);
                        text.Append(' ', 2 * depth).Append("}\n");
                    }
                    else if (packed.Contains(field))
                    {
                        while (!bytes.IsEmpty)
                            text.Append(Varint(ref bytes)).Append(' ');

                        text.Append('\n');
                    }
                    else
                    {
                        text.Append('"').Append(Encoding.UTF8.GetString(bytes).Replace("\n", "\\n")).Append("\"\n");
                    }

                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }

    private static ulong Varint(ref ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = data[0];
            data = data[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
