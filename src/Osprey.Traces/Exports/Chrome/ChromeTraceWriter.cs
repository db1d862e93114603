using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Osprey.Traces.Exports.Timeline;

namespace Osprey.Traces.Exports.Chrome;

/// <summary>Writes events in Chrome's Trace Event JSON, which Perfetto and chrome://tracing open.</summary>
/// <remarks>
/// Every event is written as it comes; nothing is kept. Times are microseconds with three decimals, so nanoseconds stay
/// exact. Processes and threads are numbers of the caller's choice: a viewer reads them as doubles, so that a kernel's
/// thread pointers would run together. The stream stays open.
/// </remarks>
public sealed class ChromeTraceWriter : ITimelineWriter, IDisposable
{
    private const int FlushSize = 64 * 1024;
    private const ulong NanosecondsPerMicrosecond = 1000;

    private readonly Utf8JsonWriter _json;
    private bool _isComplete;

    /// <summary>Starts a file.</summary>
    public ChromeTraceWriter(Stream output)
    {
        _json = new Utf8JsonWriter(
            output,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
        _json.WriteStartObject();
        _json.WriteString("displayTimeUnit"u8, "ns"u8);
        _json.WriteStartArray("traceEvents"u8);
    }

    bool ITimelineWriter.ShowsFlowsAndPackets => false;

    bool ITimelineWriter.MayBeginTogether => true;

    /// <summary>Names a process.</summary>
    public void NameProcess(int process, string name) => WriteMetadata("process_name"u8, process, 0, name);

    /// <summary>Names a thread.</summary>
    public void NameThread(int process, int thread, string name) =>
        WriteMetadata("thread_name"u8, process, thread, name);

    /// <summary>Opens a slice on a thread; <see cref="End"/> closes the last that was opened there.</summary>
    public void Begin(int process, int thread, ulong time, string name, params ReadOnlySpan<TimelineArgument> arguments)
    {
        Start("B"u8, process, thread, time, name);
        Finish(arguments);
    }

    /// <summary>Closes the last slice that was opened on the thread.</summary>
    public void End(int process, int thread, ulong time, params ReadOnlySpan<TimelineArgument> arguments)
    {
        Start("E"u8, process, thread, time, null);
        Finish(arguments);
    }

    /// <summary>Writes a whole slice.</summary>
    /// <param name="process">Its process.</param>
    /// <param name="thread">Its thread.</param>
    /// <param name="time">When it began, in nanoseconds.</param>
    /// <param name="duration">How long it took, in nanoseconds.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="arguments">What is shown with it.</param>
    public void Slice(
        int process,
        int thread,
        ulong time,
        ulong duration,
        string name,
        params ReadOnlySpan<TimelineArgument> arguments
    )
    {
        Start("X"u8, process, thread, time, name);
        WriteTime("dur"u8, duration);
        Finish(arguments);
    }

    /// <summary>Marks a moment of a thread.</summary>
    public void Instant(
        int process,
        int thread,
        ulong time,
        string name,
        params ReadOnlySpan<TimelineArgument> arguments
    )
    {
        Start("i"u8, process, thread, time, name);
        _json.WriteString("s"u8, "t"u8); // the thread's, not the process's
        Finish(arguments);
    }

    /// <summary>Sets a counter of a process; each argument is one of its series.</summary>
    public void Counter(int process, ulong time, string name, params ReadOnlySpan<TimelineArgument> series)
    {
        Start("C"u8, process, 0, time, name);
        Finish(series);
    }

    void ITimelineWriter.StartFlow(ulong flow) { }

    void ITimelineWriter.EndFlow(ulong flow) { }

    /// <summary>Ends the file. Nothing can be added afterwards.</summary>
    public void Complete()
    {
        if (_isComplete)
            return;

        _isComplete = true;
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
    }

    /// <summary>Ends the file.</summary>
    public void Dispose()
    {
        Complete();
        _json.Dispose();
    }

    private void WriteMetadata(ReadOnlySpan<byte> what, int process, int thread, string name)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        _json.WriteStartObject();
        _json.WriteString("name"u8, what);
        WriteWhere("M"u8, process, thread);
        Finish([new TimelineArgument("name", name)]);
    }

    private void Start(ReadOnlySpan<byte> phase, int process, int thread, ulong time, string? name)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        _json.WriteStartObject();
        if (name is not null)
            _json.WriteString("name"u8, name);

        WriteWhere(phase, process, thread);
        WriteTime("ts"u8, time);
    }

    private void WriteWhere(ReadOnlySpan<byte> phase, int process, int thread)
    {
        _json.WriteString("ph"u8, phase);
        _json.WriteNumber("pid"u8, process);
        _json.WriteNumber("tid"u8, thread);
    }

    private void WriteTime(ReadOnlySpan<byte> name, ulong nanoseconds)
    {
        Span<byte> text = stackalloc byte[32];
        Utf8Formatter.TryFormat(nanoseconds / NanosecondsPerMicrosecond, text, out int size);
        text[size++] = (byte)'.';
        Utf8Formatter.TryFormat(
            nanoseconds % NanosecondsPerMicrosecond,
            text[size..],
            out int decimals,
            new StandardFormat('D', 3)
        );
        _json.WritePropertyName(name);
        _json.WriteRawValue(text[..(size + decimals)], skipInputValidation: true);
    }

    private void Finish(ReadOnlySpan<TimelineArgument> arguments)
    {
        if (!arguments.IsEmpty)
        {
            _json.WriteStartObject("args"u8);
            foreach (TimelineArgument argument in arguments)
            {
                if (argument.Text is null)
                    _json.WriteNumber(argument.Name, argument.Number);
                else
                    _json.WriteString(argument.Name, argument.Text);
            }

            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        if (_json.BytesPending >= FlushSize)
            _json.Flush();
    }
}
