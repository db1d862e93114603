using System.Text.Json;
using Osprey.Symbols;

namespace Osprey.Cli.Rendering.Json;

/// <summary>Writes frames as JSON objects; what is unknown of a frame is left out.</summary>
internal static class FrameJson
{
    public static void Write(Utf8JsonWriter writer, SymbolFrame frame)
    {
        writer.WriteStartObject();
        writer.WriteString("address"u8, $"0x{frame.Address:x}");
        if (!string.IsNullOrEmpty(frame.Name))
            writer.WriteString("name"u8, frame.Name);

        if (frame.File is not null)
            writer.WriteString("file"u8, frame.File);

        if (frame.Line is int line)
            writer.WriteNumber("line"u8, line);

        if (frame.IsInlined)
            writer.WriteBoolean("inlined"u8, true);

        writer.WriteEndObject();
    }
}
