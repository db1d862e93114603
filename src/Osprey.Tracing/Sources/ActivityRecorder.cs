using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;

namespace Osprey.Tracing.Sources;

/// <summary>Records the spans of activity sources.</summary>
internal sealed class ActivityRecorder : IDisposable
{
    private const int MostNames = 1000;

    private readonly ConcurrentDictionary<(string Source, string Name), SpanTracepoints?> _tracepoints = [];
    private readonly ActivityListener _listener;

    public ActivityRecorder(Predicate<string> matches)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => matches(source.Name),
            Sample = (ref _) => ActivitySamplingResult.PropagationData,
            ActivityStarted = Start,
            ActivityStopped = Stop,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    private void Start(Activity activity)
    {
        if (Find(activity) is { Begin: { IsActive: true } begin })
            begin.Record([activity.DisplayName, activity.TraceId.ToHexString()], NumberOf(activity));
    }

    private void Stop(Activity activity)
    {
        if (Find(activity) is { End: { IsActive: true } end })
            end.Record([(int)activity.Status], NumberOf(activity));
    }

    private SpanTracepoints? Find(Activity activity)
    {
        (string, string) key = (activity.Source.Name, activity.OperationName);
        if (_tracepoints.TryGetValue(key, out SpanTracepoints? known))
            return known;

        SpanTracepoints? made = _tracepoints.Count < MostNames ? SpanTracepoints.Define(key.Item1, key.Item2) : null;
        return _tracepoints.GetOrAdd(key, made);
    }

    private static ulong NumberOf(Activity activity)
    {
        Span<byte> bytes = stackalloc byte[8];
        activity.SpanId.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private sealed record SpanTracepoints(SourceTracepoint Begin, SourceTracepoint End)
    {
        public static SpanTracepoints? Define(string source, string name)
        {
            try
            {
                return new SpanTracepoints(
                    SourceTracepoint.Define(source, name, ["name", "trace"], [typeof(string), typeof(string)]),
                    SourceTracepoint.Define(source, name + "_ret", ["status"], [typeof(int)])
                );
            }
            catch (InvalidOperationException)
            {
                return null; // there are too many tracepoints; these spans are not recorded
            }
        }
    }
}
