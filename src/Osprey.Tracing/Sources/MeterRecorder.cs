using System.Diagnostics.Metrics;

namespace Osprey.Tracing.Sources;

/// <summary>Records the measurements of meters' instruments.</summary>
internal sealed class MeterRecorder : IDisposable
{
    private readonly MeterListener _listener;

    public MeterRecorder(Predicate<string> matches)
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (matches(instrument.Meter.Name))
                    listener.EnableMeasurementEvents(instrument, Define(instrument));
            },
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, _, state) => Record(state, (double)value));
        _listener.SetMeasurementEventCallback<short>((_, value, _, state) => Record(state, (double)value));
        _listener.SetMeasurementEventCallback<int>((_, value, _, state) => Record(state, (double)value));
        _listener.SetMeasurementEventCallback<long>((_, value, _, state) => Record(state, (double)value));
        _listener.SetMeasurementEventCallback<float>((_, value, _, state) => Record(state, (double)value));
        _listener.SetMeasurementEventCallback<double>((_, value, _, state) => Record(state, value));
        _listener.SetMeasurementEventCallback<decimal>((_, value, _, state) => Record(state, (double)value));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    private static SourceTracepoint? Define(Instrument instrument)
    {
        try
        {
            return SourceTracepoint.Define(instrument.Meter.Name, instrument.Name, ["value"], [typeof(double)]);
        }
        catch (InvalidOperationException)
        {
            return null; // there are too many tracepoints; this instrument is not recorded
        }
    }

    private static void Record(object? state, double value)
    {
        if (state is SourceTracepoint { IsActive: true } tracepoint)
            tracepoint.Record([value]);
    }
}
