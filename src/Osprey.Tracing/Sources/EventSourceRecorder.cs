using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace Osprey.Tracing.Sources;

/// <summary>Records the events of event sources.</summary>
internal sealed class EventSourceRecorder : EventListener
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const int MostEvents = 1000;

    private readonly Predicate<string>? _matches;
    private readonly EventLevel _level;
    private readonly EventKeywords _keywords;
    private readonly ConcurrentDictionary<(string Source, int Event), SourceTracepoint?> _tracepoints = [];

    [ThreadStatic]
    private static bool t_isRecording;

    public EventSourceRecorder(Predicate<string> matches, EventLevel level, EventKeywords keywords)
    {
        _level = level;
        _keywords = keywords;
        _matches = matches;
        // The base class named the sources that are there before it was known which ones are wanted.
        foreach (EventSource source in EventSource.GetSources())
            OnEventSourceCreated(source);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (_matches?.Invoke(eventSource.Name) == true)
            EnableEvents(eventSource, _level, _keywords);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (t_isRecording || _matches is null)
            return;

        t_isRecording = true; // an event that recording brings about is not recorded
        try
        {
            Record(eventData);
        }
        finally
        {
            t_isRecording = false;
        }
    }

    private void Record(EventWrittenEventArgs data)
    {
        (string, int) key = (data.EventSource.Name, data.EventId);
        if (!_tracepoints.TryGetValue(key, out SourceTracepoint? tracepoint))
        {
            tracepoint = _tracepoints.Count < MostEvents ? Define(data) : null;
            _tracepoints.TryAdd(key, tracepoint);
        }

        if (tracepoint is not { IsActive: true })
            return;

        object?[] arguments = data.Payload is null ? [] : [.. data.Payload];
        if (data.EventSource.Name == Runtime)
        {
            long ago = Math.Max(0, (DateTime.UtcNow - data.TimeStamp).Ticks) * 100;
            tracepoint.RecordLate(arguments, unchecked((ulong)data.OSThreadId), Stopwatch.GetTimestamp() - ago);
        }
        else
        {
            tracepoint.Record(arguments);
        }
    }

    private static SourceTracepoint? Define(EventWrittenEventArgs data)
    {
        string source = data.EventSource.Name == Runtime ? "runtime" : data.EventSource.Name;
        string name = NameOf(data.EventName ?? data.EventId.ToString(CultureInfo.InvariantCulture));
        Type[] types = data.Payload is null
            ? []
            : [.. data.Payload.Select(value => value?.GetType() ?? typeof(string))];
        try
        {
            return SourceTracepoint.Define(source, name, data.PayloadNames ?? [], types);
        }
        catch (InvalidOperationException)
        {
            return null; // there are too many tracepoints; these events are not recorded
        }
    }

    /// <summary>
    /// Takes a version from an event's name, and makes the begin and the end of something a call and its return.
    /// </summary>
    private static string NameOf(string name)
    {
        int version = name.LastIndexOf("_V", StringComparison.Ordinal);
        if (version > 0 && name.AsSpan(version + 2).IndexOfAnyExceptInRange('0', '9') < 0)
            name = name[..version];
        foreach (
            (string ending, string instead) in (ReadOnlySpan<(string, string)>)
                [("Start", ""), ("Begin", ""), ("Stop", "_ret"), ("End", "_ret")]
        )
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal))
                return name[..^ending.Length] + instead;
        }

        return name;
    }
}
