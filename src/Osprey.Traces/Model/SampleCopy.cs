namespace Osprey.Traces.Model;

/// <summary>A copy of one sample that outlives its batch.</summary>
public sealed class SampleCopy
{
    private readonly byte[] _bytes;
    private readonly int _payload;
    private readonly int _tracepoint;

    /// <summary>Copies a sample.</summary>
    public SampleCopy(in TraceEvent sample)
    {
        _bytes = sample.Bytes.ToArray();
        _payload = sample.PayloadOffset;
        _tracepoint = sample.Tracepoint;
    }

    /// <summary>The sample.</summary>
    public TraceEvent Sample => new(_bytes, _payload, _tracepoint);
}
