using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>A sample that a <see cref="SampleArena"/> keeps. The default value stands for none.</summary>
public readonly struct KeptSample
{
    private readonly int _payload;
    private readonly int _tracepoint;

    internal KeptSample(byte[] block, int offset, int length, int payload, int tracepoint)
    {
        Block = block;
        Offset = offset;
        Length = length;
        _payload = payload;
        _tracepoint = tracepoint;
    }

    /// <summary>Tells whether there is no sample.</summary>
    public bool IsNone => Block is null;

    /// <summary>The sample.</summary>
    public TraceEvent Sample => new(Block.AsSpan(Offset, Length), _payload, _tracepoint);

    internal byte[]? Block { get; }

    internal int Offset { get; }

    internal int Length { get; }
}
