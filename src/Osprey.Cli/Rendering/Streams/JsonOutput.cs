using System.Text.Json;
using Osprey.Cli.Rendering.Json;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>Writes one JSON document or line to a command's output.</summary>
internal static class JsonOutput
{
    /// <summary>Writes a whole document, indented on a terminal, and a line break.</summary>
    public static void Write(Output output, Action<Utf8JsonWriter> write)
    {
        JsonWriterOptions options = SampleJson.WriterOptions;
        options.Indented = OutputCapture.Current is null && !Console.IsOutputRedirected;
        var buffer = new JsonBuffer(output);
        using (var writer = new Utf8JsonWriter(buffer, options))
            write(writer);

        buffer.Complete();
        output.Text.Append((byte)'\n');
        output.FlushIfLarge();
    }

    /// <summary>Writes a value on a line of its own.</summary>
    public static void WriteLine(Output output, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, SampleJson.WriterOptions))
            write(writer);

        output.Text.Append(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        output.Text.Append((byte)'\n');
        output.FlushIfLarge();
    }
}
