using System.Buffers;
using System.Text.Json;
using Osprey.Session.Answers;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Answers;

/// <summary>Writes records as JSON, one a line. For one thread at a time.</summary>
internal sealed class JsonLines
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly JsonAnswerWriter _writer;

    public JsonLines()
    {
        _json = new Utf8JsonWriter(_buffer, JsonAnswerWriter.Options);
        _writer = new JsonAnswerWriter(_json);
    }

    /// <summary>Writes one record and a line break.</summary>
    public void Append<TRow>(Utf8Builder text, Shape<TRow> shape, in TRow row)
        where TRow : allows ref struct
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        shape.WriteRecord(row, _writer);
        _json.Flush();
        text.Append(_buffer.WrittenSpan);
        text.Append((byte)'\n');
    }
}
