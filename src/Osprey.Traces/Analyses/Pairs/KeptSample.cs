using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>A sample that a <see cref="SampleArena"/> keeps. The default value stands for none.</summary>
public readonly struct KeptSample
{
    private readonly int _offset;
    private readonly int _length;
    private readonly int _payload;
    private readonly int _tracepoint;

    internal KeptSample(SampleArena.Block block, int offset, int length, int payload, int tracepoint)
    {
        Block = block;
        _offset = offset;
        _length = length;
        _payload = payload;
        _tracepoint = tracepoint;
    }

    /// <summary>Tells whether there is no sample.</summary>
    public bool IsNone => Block is null;

    /// <summary>The sample.</summary>
    public TraceEvent Sample => new(Block!.Bytes.AsSpan(_offset, _length), _payload, _tracepoint);

    internal SampleArena.Block? Block { get; }
}
