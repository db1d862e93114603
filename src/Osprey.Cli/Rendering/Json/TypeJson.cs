using System.Text.Json;
using Osprey.Cli.Rendering.Streams;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Layout;

namespace Osprey.Cli.Rendering.Json;

/// <summary>A type's layout as JSON.</summary>
internal static class TypeJson
{
    /// <summary>Writes a type as one object.</summary>
    public static void Write(Output output, DebugType type, TypeLayout layout) =>
        JsonOutput.Write(
            output,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, layout.Name);
                writer.WriteString("type"u8, TypeNames.Spell(type.Stripped));
                WriteNumber(writer, "size", layout.Size);
                writer.WriteNumber("members"u8, layout.MemberCount);
                writer.WriteNumber("holeBytes"u8, layout.HoleBytes);
                writer.WriteNumber("holeBits"u8, layout.HoleBits);
                writer.WriteNumber("paddingBytes"u8, layout.PaddingBytes);
                writer.WriteStartArray("rows"u8);
                foreach (LayoutRow row in layout.Rows)
                {
                    writer.WriteStartObject();
                    writer.WriteString("kind"u8, JsonNamingPolicy.CamelCase.ConvertName(row.Kind.ToString()));
                    writer.WriteNumber("depth"u8, row.Depth);
                    WriteNumber(writer, "offset", row.Offset);
                    WriteNumber(writer, "size", row.Size);
                    if (row.Bits is { } bits)
                    {
                        writer.WriteNumber("bit"u8, bits.Shift);
                        writer.WriteNumber("bits"u8, bits.Count);
                    }

                    writer.WriteString("text"u8, row.Text);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );

    private static void WriteNumber(Utf8JsonWriter writer, string name, ulong? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
