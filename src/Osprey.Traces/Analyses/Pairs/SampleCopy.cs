using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>A sample kept beyond its batch.</summary>
public sealed class SampleCopy
{
    private readonly byte[] _bytes;
    private readonly int _payload;
    private readonly int _tracepoint;

    /// <param name="sample">What to keep.</param>
    /// <param name="withBacktrace">Whether to keep the backtrace too, most of a sample's bytes.</param>
    public SampleCopy(in TraceEvent sample, bool withBacktrace)
    {
        _tracepoint = sample.Tracepoint;
        if (withBacktrace)
        {
            _bytes = sample.Bytes.ToArray();
            _payload = sample.PayloadOffset;
            return;
        }

        ReadOnlySpan<byte> payload = sample.Payload;
        _payload = TraceEvent.HeaderSize + sizeof(ulong);
        _bytes = new byte[_payload + payload.Length];
        sample.Bytes[..TraceEvent.HeaderSize].CopyTo(_bytes);
        payload.CopyTo(_bytes.AsSpan(_payload));
    }

    /// <summary>The sample.</summary>
    public TraceEvent Sample => new(_bytes, _payload, _tracepoint);
}
