using System.Text.Encodings.Web;
using System.Text.Json;
using Osprey.Traces.Exports.Timeline;

namespace Osprey.Traces.Exports.Firefox;

/// <summary>Writes a profile in the Firefox Profiler's processed format.</summary>
/// <remarks>
/// The format is that of src/types/profile.ts in https://github.com/firefox-devtools/profiler, at version 60: the
/// viewer raises older versions to its own. Its tables are columns, so nothing can be written before the end: memory
/// holds some tens of bytes for each sample. Guest threads are its threads, CPUs the threads of a second process;
/// slices and moments are markers; the stacks are its samples.
/// </remarks>
internal sealed class FirefoxWriter(Stream output, string title) : ITimelineWriter, IDisposable
{
    private const int Version = 60;

    /// <summary>The members of a marker that the viewer shows, with the names that it gives them.</summary>
    private static readonly (string Key, string Label, string Format)[] s_fields =
    [
        ("arguments", "Arguments", "string"),
        ("result", "Result", "string"),
        ("error", "Error", "string"),
        ("cpu", "CPU", "integer"),
        ("cpu_at_the_end", "CPU at the end", "integer"),
        ("thread", "Thread", "string"),
        ("open", "Open", "string"),
    ];

    private readonly Utf8JsonWriter _json = new(
        output,
        new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );
    private readonly Utf8JsonWriter _data = new(
        Stream.Null,
        new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );
    private readonly OrderedDictionary<(int Process, int Thread), FirefoxThread> _threads = [];
    private readonly Dictionary<int, string> _processes = [];
    private ulong _first = ulong.MaxValue;
    private ulong _last;

    /// <summary>The tables that the threads share.</summary>
    public FirefoxTables Tables { get; } = new();

    /// <summary>
    /// Gives the index of a stack in <see cref="Tables"/> by the caller's number; asked for at the end.
    /// </summary>
    public Func<int, int> StackOf { get; set; } = _ => -1;

    /// <inheritdoc/>
    public bool ShowsFlowsAndPackets => false;

    /// <inheritdoc/>
    public bool MayBeginTogether => true;

    /// <summary>Adds a sample with a stack.</summary>
    public void Sample(int process, int thread, ulong time, int stack)
    {
        Note(time);
        Thread(process, thread).AddSample(time, stack);
    }

    /// <inheritdoc/>
    public void NameProcess(int process, string name) => _processes[process] = name;

    /// <inheritdoc/>
    public void NameThread(int process, int thread, string name) => Thread(process, thread).Name = name;

    /// <inheritdoc/>
    public void StartFlow(ulong flow) { }

    /// <inheritdoc/>
    public void EndFlow(ulong flow) { }

    /// <inheritdoc/>
    public void Slice(
        int process,
        int thread,
        ulong time,
        ulong duration,
        string name,
        params ReadOnlySpan<TimelineArgument> arguments
    )
    {
        Note(time);
        Note(time + duration);
        int text = Tables.Text(name);
        Thread(process, thread).AddMarker(time, time + duration, text, isInterval: true, _data, arguments);
    }

    /// <inheritdoc/>
    public void Instant(
        int process,
        int thread,
        ulong time,
        string name,
        params ReadOnlySpan<TimelineArgument> arguments
    )
    {
        Note(time);
        Thread(process, thread).AddMarker(time, time, Tables.Text(name), isInterval: false, _data, arguments);
    }

    /// <summary>Leaves counters out: the viewer has graphs for memory and power only.</summary>
    public void Counter(int process, ulong time, string name, params ReadOnlySpan<TimelineArgument> series) { }

    /// <inheritdoc/>
    public void Complete()
    {
        _json.WriteStartObject();
        WriteMeta();
        _json.WriteStartArray("libs"u8);
        _json.WriteEndArray();
        _json.WriteStartArray("threads"u8);
        var met = new HashSet<int>();
        foreach (FirefoxThread thread in _threads.Values.OrderBy(thread => thread.Process))
        {
            string process = _processes.GetValueOrDefault(thread.Process, $"process {thread.Process}");
            thread.Write(_json, process, met.Add(thread.Process), StackOf);
        }

        _json.WriteEndArray();
        Tables.Write(_json);
        _json.WriteEndObject();
        _json.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _data.Dispose();
    }

    private FirefoxThread Thread(int process, int thread)
    {
        if (!_threads.TryGetValue((process, thread), out FirefoxThread? row))
            _threads.Add((process, thread), row = new FirefoxThread(process, thread));

        return row;
    }

    private void Note(ulong time)
    {
        _first = Math.Min(_first, time);
        _last = Math.Max(_last, time);
    }

    private void WriteMeta()
    {
        _json.WriteStartObject("meta"u8);
        _json.WriteNumber("interval"u8, 1);
        _json.WriteNumber("startTime"u8, 0);
        if (_first <= _last)
        {
            _json.WritePropertyName("profilingStartTime"u8);
            FirefoxTables.WriteTime(_json, _first);
            _json.WritePropertyName("profilingEndTime"u8);
            FirefoxTables.WriteTime(_json, _last);
        }

        _json.WriteNumber("processType"u8, 0);
        _json.WriteString("product"u8, title);
        _json.WriteString("importedFrom"u8, "osprey"u8);
        _json.WriteNumber("stackwalk"u8, 1);
        _json.WriteNumber("version"u8, 29);
        _json.WriteNumber("preprocessedProfileVersion"u8, Version);
        _json.WriteBoolean("symbolicated"u8, true);
        _json.WriteBoolean("symbolicationNotSupported"u8, true);
        _json.WriteBoolean("usesOnlyOneStackType"u8, true);
        _json.WriteBoolean("sourceCodeIsNotOnSearchfox"u8, true);
        _json.WriteBoolean("keepProfileThreadOrder"u8, true);
        _json.WriteStartArray("categories"u8);
        WriteCategory("Other", "grey");
        WriteCategory("Code", "blue");
        WriteCategory("Tracepoint", "orange");
        _json.WriteEndArray();
        _json.WriteStartArray("markerSchema"u8);
        WriteSchema();
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteCategory(string name, string colour)
    {
        _json.WriteStartObject();
        _json.WriteString("name"u8, name);
        _json.WriteString("color"u8, colour);
        _json.WriteStartArray("subcategories"u8);
        _json.WriteStringValue("Other"u8);
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteSchema()
    {
        _json.WriteStartObject();
        _json.WriteString("name"u8, "osprey"u8);
        _json.WriteString("tooltipLabel"u8, "{marker.name}"u8);
        _json.WriteString("tableLabel"u8, "{marker.data.arguments} {marker.data.result}{marker.data.error}"u8);
        _json.WriteString("chartLabel"u8, "{marker.name}"u8);
        _json.WriteStartArray("display"u8);
        _json.WriteStringValue("marker-chart"u8);
        _json.WriteStringValue("marker-table"u8);
        _json.WriteStringValue("timeline-overview"u8);
        _json.WriteEndArray();
        _json.WriteStartArray("fields"u8);
        foreach ((string key, string label, string format) in s_fields)
        {
            _json.WriteStartObject();
            _json.WriteString("key"u8, key);
            _json.WriteString("label"u8, label);
            _json.WriteString("format"u8, format);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }
}
