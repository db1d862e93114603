using System.Text.Json;

namespace Osprey.Cli.Rendering;

/// <summary>Writes one JSON document or line to a command's output.</summary>
internal static class JsonOutput
{
    /// <summary>Writes a whole document, indented on a terminal, and a line break.</summary>
    public static void Write(Output output, Action<Utf8JsonWriter> write) => Write(output, write, OutputCapture.Current is null && !Console.IsOutputRedirected);

    /// <summary>Writes a value on a line of its own.</summary>
    public static void WriteLine(Output output, Action<Utf8JsonWriter> write) => Write(output, write, isIndented: false);

    private static void Write(Output output, Action<Utf8JsonWriter> write, bool isIndented)
    {
        JsonWriterOptions options = SampleJson.WriterOptions;
        options.Indented = isIndented;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options))
            write(writer);

        output.Text.Append(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        output.Text.Append((byte)'\n');
        output.FlushIfLarge();
    }
}
