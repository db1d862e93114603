namespace Osprey.Traces.Model;

/// <summary>A copy of one sample that outlives its batch. It may be used again for another sample.</summary>
public sealed class SampleCopy
{
    private byte[] _bytes;
    private int _length;
    private int _payload;
    private int _tracepoint;

    /// <summary>Copies a sample.</summary>
    public SampleCopy(in TraceEvent sample)
    {
        _bytes = sample.Bytes.ToArray();
        (_length, _payload, _tracepoint) = (_bytes.Length, sample.PayloadOffset, sample.Tracepoint);
    }

    /// <summary>The sample.</summary>
    public TraceEvent Sample => new(_bytes.AsSpan(0, _length), _payload, _tracepoint);

    /// <summary>Copies another sample in place of the one before.</summary>
    public void Set(in TraceEvent sample)
    {
        _length = sample.Bytes.Length;
        if (_bytes.Length < _length)
            _bytes = new byte[_length];

        sample.Bytes.CopyTo(_bytes);
        (_payload, _tracepoint) = (sample.PayloadOffset, sample.Tracepoint);
    }
}
