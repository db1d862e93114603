using System.Text.Json;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Layout;

namespace Osprey.Cli.Rendering;

/// <summary>A type's layout as JSON.</summary>
internal static class TypeJson
{
    /// <summary>Writes a type as one object.</summary>
    public static void Write(Output output, DebugType type, int depth) => JsonOutput.Write(output, writer =>
    {
        DebugType shape = type.Stripped;
        writer.WriteStartObject();
        writer.WriteString("name"u8, TypeNames.Spell(type));
        writer.WriteString("type"u8, TypeNames.Spell(shape));
        writer.WriteString("kind"u8, shape is CompoundType compound ? compound.Kind.ToString().ToLowerInvariant() : shape.GetType().Name.Replace("Type", "", StringComparison.Ordinal).ToLowerInvariant());
        WriteNumber(writer, "size", shape.Size);
        if (shape is CompoundType { IsDeclaration: false } body)
            WriteLayout(writer, TypeLayout.Create(body, depth));

        if (shape is EnumType enumeration)
        {
            writer.WriteStartArray("enumerators"u8);
            foreach (Enumerator enumerator in enumeration.Enumerators)
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, enumerator.Name);
                if (enumeration.IsSigned)
                    writer.WriteNumber("value"u8, enumerator.Value);
                else
                    writer.WriteNumber("value"u8, unchecked((ulong)enumerator.Value));

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });

    private static void WriteLayout(Utf8JsonWriter writer, TypeLayout layout)
    {
        writer.WriteStartArray("rows"u8);
        foreach (LayoutRow row in layout.Rows)
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, row.Kind.ToString().ToLowerInvariant());
            writer.WriteNumber("depth"u8, row.Depth);
            writer.WriteNumber("offset"u8, row.Offset);
            WriteNumber(writer, "size", row.Size);
            if (row.IsBitField)
            {
                writer.WriteNumber("bit"u8, row.Bit % 8);
                WriteNumber(writer, "bits", row.BitCount);
            }

            if (row.Text.Length > 0)
                writer.WriteString("text"u8, row.Text);

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("unusedBytes"u8, layout.UnusedBytes);
        writer.WriteNumber("holes"u8, layout.HoleCount);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, ulong? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
