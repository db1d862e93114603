using System.Reflection;
using System.Text.Json;
using Osprey.Traces.Analyses.Summaries;
using Osprey.Traces.Exports.Flame;

namespace Osprey.Traces.Exports.Html;

/// <summary>Writes the page: the template page.html with the trace's data in it, as JSON.</summary>
/// <remarks>The JSON has no &lt;, &gt; or &amp;: the writer escapes them, so that no name can end the script.</remarks>
internal sealed class PageWriter(Stream output) : IDisposable
{
    private const string Place = "/*DATA*/";

    private readonly Utf8JsonWriter _json = new(output);

    /// <summary>Writes the whole page.</summary>
    public void Write(string title, SummaryAnalysis summary, PageRows rows, SlowCalls calls, FlameNode flames)
    {
        using Stream template = Assembly.GetExecutingAssembly().GetManifestResourceStream("page.html")!;
        using var reader = new StreamReader(template);
        string[] parts = reader.ReadToEnd().Split(Place);
        Write(parts[0]);
        _json.WriteStartObject();
        _json.WriteString("title"u8, title);
        _json.WriteNumber("samples"u8, summary.Count);
        _json.WriteNumber("first"u8, summary.First);
        _json.WriteNumber("last"u8, summary.Last);
        WriteCpus(summary);
        WriteTracepoints(summary);
        WriteTimeline(rows);
        WriteCalls(calls);
        _json.WritePropertyName("flames"u8);
        WriteFlames(flames);
        _json.WriteEndObject();
        _json.Flush();
        Write(parts[1]);
        output.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void Write(string text)
    {
        var pieces = new TextOutput(output);
        pieces.Write(text);
        pieces.Flush();
    }

    private void WriteCpus(SummaryAnalysis summary)
    {
        _json.WriteStartArray("cpus"u8);
        foreach (CpuTimes cpu in summary.Cpus)
        {
            _json.WriteStartArray();
            _json.WriteStringValue(cpu.Cpu == uint.MaxValue ? "none" : $"{cpu.Cpu}");
            _json.WriteNumberValue(cpu.Count);
            _json.WriteEndArray();
        }

        _json.WriteEndArray();
    }

    private void WriteTracepoints(SummaryAnalysis summary)
    {
        _json.WriteStartArray("tracepoints"u8);
        foreach (TracepointCount item in summary.Tracepoints)
        {
            _json.WriteStartArray();
            _json.WriteStringValue(item.Tracepoint.Name);
            _json.WriteNumberValue(item.Count);
            DurationStatistics? times = summary.Durations.FirstOrDefault(times => times.Name == item.Tracepoint.Name);
            if (times is not null)
            {
                _json.WriteNumberValue(times.Count);
                _json.WriteNumberValue(times.Total);
                foreach (double fraction in (ReadOnlySpan<double>)[0, 0.5, 0.99, 1])
                    _json.WriteNumberValue(times.Percentile(fraction));
            }

            _json.WriteEndArray();
        }

        _json.WriteEndArray();
    }

    private void WriteTimeline(PageRows rows)
    {
        _json.WriteStartArray("rows"u8);
        foreach (((int process, int thread), string name) in rows.Rows)
        {
            _json.WriteStartArray();
            _json.WriteNumberValue(process);
            _json.WriteNumberValue(thread);
            _json.WriteStringValue(name);
            _json.WriteEndArray();
        }

        _json.WriteEndArray();
        _json.WriteStartArray("names"u8);
        foreach (string name in rows.Names)
            _json.WriteStringValue(name);

        _json.WriteEndArray();

        // Flat: row, time, duration and name one behind the other.
        _json.WriteStartArray("slices"u8);
        foreach (PageSlice slice in rows.Slices)
        {
            _json.WriteNumberValue(slice.Row);
            _json.WriteNumberValue(slice.Time);
            _json.WriteNumberValue(slice.Duration);
            _json.WriteNumberValue(slice.Name);
        }

        _json.WriteEndArray();
        _json.WriteStartArray("moments"u8);
        foreach (PageMoment moment in rows.Moments)
        {
            _json.WriteNumberValue(moment.Row);
            _json.WriteNumberValue(moment.Time);
            _json.WriteNumberValue(moment.Name);
        }

        _json.WriteEndArray();
        _json.WriteNumber("droppedSlices"u8, rows.DroppedSlices);
        _json.WriteNumber("droppedMoments"u8, rows.DroppedMoments);
    }

    private void WriteCalls(SlowCalls calls)
    {
        _json.WriteStartArray("calls"u8);
        foreach (SlowCall call in calls.All)
        {
            _json.WriteStartArray();
            _json.WriteStringValue(call.Name);
            _json.WriteStringValue(call.Thread);
            _json.WriteNumberValue(call.Time);
            _json.WriteNumberValue(call.Duration);
            _json.WriteStringValue(call.Arguments);
            _json.WriteStringValue(call.Result);
            _json.WriteStringValue(calls.StackOf(call));
            _json.WriteEndArray();
        }

        _json.WriteEndArray();
    }

    /// <summary>Writes the boxes of the flame graph: depth, start, total and name, one behind the other.</summary>
    private void WriteFlames(FlameNode root)
    {
        const double Smallest = 1 / 20_000.0;
        _json.WriteStartArray();
        foreach (FlameBox box in new FlameLayout(root, Smallest).Boxes)
        {
            _json.WriteNumberValue(box.Depth);
            _json.WriteNumberValue((double)box.Start);
            _json.WriteNumberValue((double)box.Node.Total);
            _json.WriteStringValue(box.Node.Name);
        }

        _json.WriteEndArray();
    }
}
