using System.Buffers;
using System.Text.Json;
using Osprey.Traces.Exports.Timeline;

namespace Osprey.Traces.Exports.Firefox;

/// <summary>The samples and markers of one row, gathered column by column until the file's end.</summary>
/// <param name="process">The number of its process.</param>
/// <param name="number">Its number.</param>
internal sealed class FirefoxThread(int process, int number)
{
    private readonly List<(ulong Time, int Stack)> _samples = [];
    private readonly List<(ulong Time, ulong End, int Name, bool IsInterval)> _markers = [];

    /// <summary>What is shown with each marker: JSON, one object behind the other.</summary>
    private readonly ArrayBufferWriter<byte> _data = new();
    private readonly List<int> _dataSizes = [];

    /// <summary>Its name.</summary>
    public string Name { get; set; } = $"row {number}";

    /// <summary>The number of its process.</summary>
    public int Process => process;

    /// <summary>Adds a sample with a stack.</summary>
    public void AddSample(ulong time, int stack) => _samples.Add((time, stack));

    /// <summary>Adds a marker.</summary>
    public void AddMarker(
        ulong time,
        ulong end,
        int name,
        bool isInterval,
        Utf8JsonWriter json,
        ReadOnlySpan<TimelineArgument> arguments
    )
    {
        _markers.Add((time, end, name, isInterval));
        int before = _data.WrittenCount;
        json.Reset(_data);
        json.WriteStartObject();
        json.WriteString("type"u8, "osprey"u8);
        foreach (TimelineArgument argument in arguments)
        {
            if (argument.Name == "stack")
                continue; // stands with the samples

            string key = argument.Name.Replace(' ', '_');
            if (argument.Text is null)
                json.WriteNumber(key, argument.Number);
            else
                json.WriteString(key, argument.Text);
        }

        json.WriteEndObject();
        json.Flush();
        _dataSizes.Add(_data.WrittenCount - before);
    }

    /// <summary>Writes the row.</summary>
    /// <param name="json">At the place of an object.</param>
    /// <param name="processName">The name of its process.</param>
    /// <param name="isMain">Whether it is the first of its process.</param>
    /// <param name="stackOf">The index of a stack in the file.</param>
    public void Write(Utf8JsonWriter json, string processName, bool isMain, Func<int, int> stackOf)
    {
        json.WriteStartObject();
        json.WriteString("processType"u8, "default"u8);
        json.WriteNumber("processStartupTime"u8, 0);
        json.WriteNull("processShutdownTime"u8);
        json.WriteNumber("registerTime"u8, 0);
        json.WriteNull("unregisterTime"u8);
        json.WriteStartArray("pausedRanges"u8);
        json.WriteEndArray();
        json.WriteBoolean("showMarkersInTimeline"u8, true);
        json.WriteString("name"u8, Name);
        json.WriteString("processName"u8, processName);
        json.WriteBoolean("isMainThread"u8, isMain);
        json.WriteString("pid"u8, $"{process}");
        json.WriteString("tid"u8, $"{process}.{number}");
        json.WriteStartObject("samples"u8);
        FirefoxTables.WriteColumn(json, "stack"u8, _samples, (target, row) => WriteStack(target, stackOf(row.Stack)));
        FirefoxTables.WriteColumn(json, "time"u8, _samples, (target, row) => FirefoxTables.WriteTime(target, row.Time));
        json.WriteNull("weight"u8);
        json.WriteString("weightType"u8, "samples"u8);
        json.WriteNumber("length"u8, _samples.Count);
        json.WriteEndObject();
        WriteMarkers(json);
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteStack(Utf8JsonWriter json, int stack)
    {
        if (stack < 0)
            json.WriteNullValue();
        else
            json.WriteNumberValue(stack);
    }

    private void WriteMarkers(Utf8JsonWriter json)
    {
        json.WriteStartObject("markers"u8);
        json.WriteStartArray("data"u8);
        int position = 0;
        foreach (int size in _dataSizes)
        {
            json.WriteRawValue(_data.WrittenSpan.Slice(position, size), skipInputValidation: true);
            position += size;
        }

        json.WriteEndArray();
        FirefoxTables.WriteColumn(json, "name"u8, _markers, (target, row) => target.WriteNumberValue(row.Name));
        FirefoxTables.WriteColumn(
            json,
            "startTime"u8,
            _markers,
            (target, row) => FirefoxTables.WriteTime(target, row.Time)
        );
        FirefoxTables.WriteColumn(
            json,
            "endTime"u8,
            _markers,
            (target, row) =>
            {
                if (row.IsInterval)
                    FirefoxTables.WriteTime(target, row.End);
                else
                    target.WriteNullValue();
            }
        );
        // 0 is an instant, 1 an interval.
        FirefoxTables.WriteColumn(
            json,
            "phase"u8,
            _markers,
            (target, row) => target.WriteNumberValue(row.IsInterval ? 1 : 0)
        );
        FirefoxTables.WriteColumn(json, "category"u8, _markers, (target, _) => target.WriteNumberValue(0));
        json.WriteNumber("length"u8, _markers.Count);
        json.WriteEndObject();
    }
}
