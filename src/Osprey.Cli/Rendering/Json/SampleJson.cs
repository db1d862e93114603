using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Osprey.Symbols;
using Osprey.Traces.Analyses;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Json;

/// <summary>Writes samples as JSON objects, one a line. For one thread at a time.</summary>
/// <param name="tracepoints">The trace's dictionary.</param>
/// <param name="symbols">
/// Names the frames of backtraces; shared by all writers, which lock it. Null to leave backtraces out.
/// </param>
internal sealed class SampleJson(TracepointTable tracepoints, StackSymbols? symbols)
{
    /// <summary>Text is not made safe for HTML: it goes to terminals and programs.</summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly ArgumentFormatter?[] _formatters = new ArgumentFormatter?[tracepoints.Count];
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8Builder _scratch = new();

    /// <summary>Writes one sample and a line break.</summary>
    public void AppendLine(Utf8Builder text, in TraceEvent sample, Action<Utf8JsonWriter>? more = null)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer, WriterOptions))
        {
            writer.WriteStartObject();
            WriteFields(writer, sample);
            more?.Invoke(writer);
            writer.WriteEndObject();
        }

        text.Append(_buffer.WrittenSpan);
        text.Append((byte)'\n');
    }

    private void WriteFields(Utf8JsonWriter writer, in TraceEvent sample)
    {
        Tracepoint tracepoint = tracepoints[sample.Tracepoint];
        writer.WriteNumber("time"u8, sample.Time);
        if (sample.Cpu == uint.MaxValue)
            writer.WriteNull("cpu"u8);
        else
            writer.WriteNumber("cpu"u8, sample.Cpu);

        writer.WritePropertyName("thread"u8);
        WriteAddress(writer, sample.Thread);
        writer.WritePropertyName("threadName"u8);
        WriteText(writer, sample.ThreadName);
        writer.WriteString("tracepoint"u8, tracepoint.Name);
        writer.WritePropertyName("arguments"u8);
        WriteArguments(writer, sample);
        _scratch.Clear();
        (_formatters[sample.Tracepoint] ??= new ArgumentFormatter(tracepoint, compat: false)).Append(
            _scratch,
            sample.Payload
        );
        writer.WriteString("text"u8, _scratch.Written);
        if (symbols is not null)
            WriteBacktrace(writer, sample.Backtrace);
    }

    /// <summary>
    /// Writes a sample's arguments as an array: numbers, booleans, text, addresses and blobs as hexadecimal text.
    /// </summary>
    public void WriteArguments(Utf8JsonWriter writer, in TraceEvent sample)
    {
        writer.WriteStartArray();
        if (tracepoints[sample.Tracepoint].Layout is { } layout)
        {
            var arguments = new PayloadArguments(layout, sample.Payload);
            for (int i = 0; i < arguments.Count; i++)
                WriteArgument(writer, arguments, i);
        }

        writer.WriteEndArray();
    }

    private void WriteArgument(Utf8JsonWriter writer, in PayloadArguments arguments, int index)
    {
        ArgumentType type = arguments.TypeOf(index);
        switch (type)
        {
            case ArgumentType.Pointer:
                WriteAddress(writer, unchecked((ulong)arguments.GetInteger(index)));
                break;
            case ArgumentType.Boolean:
                writer.WriteBooleanValue(arguments.GetInteger(index) != 0);
                break;
            case ArgumentType.Text:
                WriteText(writer, arguments.GetBytes(index));
                break;
            case ArgumentType.Blob:
                writer.WriteStringValue(Convert.ToHexStringLower(arguments.GetBytes(index)));
                break;
            case ArgumentType.Single or ArgumentType.Double:
                double number = arguments.GetDouble(index);
                if (double.IsFinite(number))
                    writer.WriteNumberValue(number);
                else
                    writer.WriteNullValue();
                break;
            case ArgumentType.UInt64:
                writer.WriteNumberValue(unchecked((ulong)arguments.GetInteger(index)));
                break;
            default:
                writer.WriteNumberValue(arguments.GetInteger(index));
                break;
        }
    }

    private void WriteBacktrace(Utf8JsonWriter writer, ReadOnlySpan<ulong> returnAddresses)
    {
        StackFrames frames;
        lock (symbols!)
            frames = symbols.Resolve(returnAddresses).WithoutTracepoint();

        writer.WriteStartArray("backtrace"u8);
        foreach (SymbolFrame frame in frames.Frames)
            FrameJson.Write(writer, frame);

        writer.WriteEndArray();
    }

    private void WriteAddress(Utf8JsonWriter writer, ulong address)
    {
        _scratch.Clear();
        _scratch.Append("0x"u8);
        _scratch.AppendHex(address);
        writer.WriteStringValue(_scratch.Written);
    }

    private void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> text)
    {
        _scratch.Clear();
        _scratch.AppendText(text);
        writer.WriteStringValue(_scratch.Written);
    }
}
