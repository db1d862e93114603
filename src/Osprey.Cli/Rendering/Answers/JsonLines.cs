using System.Buffers;
using System.Text.Json;
using Osprey.Session.Answers;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Answers;

/// <summary>Writes records as JSON, one a line. For one thread at a time.</summary>
internal sealed class JsonLines
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    // Made for the first record: a listing without any is not kept waiting for it.
    private JsonAnswerWriter? _writer;

    /// <summary>Writes one record and a line break.</summary>
    public void Append<TRow>(Utf8Builder text, Shape<TRow> shape, in TRow row)
        where TRow : allows ref struct
    {
        _writer ??= new JsonAnswerWriter(new Utf8JsonWriter(_buffer, JsonAnswerWriter.Options));
        _buffer.ResetWrittenCount();
        _writer.Restart();
        shape.WriteRecord(row, _writer);
        _writer.Flush();
        text.Append(_buffer.WrittenSpan);
        text.Append((byte)'\n');
    }
}
