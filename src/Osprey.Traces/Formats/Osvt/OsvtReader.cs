using Osprey.Binary;
using Osprey.Traces.Merging;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;
using Osprey.Traces.Semantics.Osv;

namespace Osprey.Traces.Formats.Osvt;

/// <summary>Reads an OSVT dump (<c>GET /trace/buffers</c>): the samples of all CPUs merged by time.</summary>
/// <remarks>
/// A dump is a sequence of chunks: the dictionary, modules and symbols, and one chunk of samples for each CPU.
/// Chunks are stepped over by their declared size; a CPU whose records are damaged ends there while the others go on.
/// </remarks>
public sealed class OsvtReader : TraceReader
{
    private const long MaxDictionarySize = 256L << 20;

    private readonly TraceInput _input;
    private readonly ByteSource _source;
    private readonly List<OsvtChunk> _chunks;
    private readonly OsvtCpuStream[] _streams;
    private readonly StreamHeap _heap;

    internal OsvtReader(TraceInput input, MergeOrder order, ParseLimits limits)
    {
        _input = input;
        _source = input.ToRandomAccess();
        _chunks = OsvtChunks.Find(_source, Stats);
        int backtraceLength = ReadDictionary(limits);
        _streams =
        [
            .. from chunk in _chunks
            where chunk.Tag == OsvtChunk.Samples
            select new OsvtCpuStream(_source, chunk, Tracepoints, backtraceLength, Stats),
        ];
        _heap = new StreamHeap(_streams.Length, order);
        for (int i = 0; i < _streams.Length; i++)
        {
            if (_streams[i].MoveNext())
                _heap.Add(_streams[i].Time, i);
        }

        _heap.Build();
        Stats.BytesRead = _source.Length;
        Stats.Count(
            LossKind.UnknownChunks,
            _chunks.Count(chunk =>
                chunk.Tag is not (OsvtChunk.Dictionary or OsvtChunk.Modules or OsvtChunk.Symbols or OsvtChunk.Samples)
            )
        );
    }

    /// <inheritdoc/>
    public override string Name => _input.Name;

    /// <inheritdoc/>
    public override string FormatName => "OSVT dump";

    /// <inheritdoc/>
    public override TracepointTable Tracepoints { get; } = new();

    /// <inheritdoc/>
    public override TraceSemantics Semantics => OsvTraceSemantics.Instance;

    /// <inheritdoc/>
    public override long? Length => _source.Length;

    /// <summary>The number of CPUs that the dump has a chunk for, with samples or without.</summary>
    public int CpuCount => _streams.Length;

    /// <summary>Size in bytes of each CPU's samples, in the order of the dump.</summary>
    public IReadOnlyList<long> CpuBytes =>
        [.. _chunks.Where(chunk => chunk.Tag == OsvtChunk.Samples).Select(chunk => chunk.Size)];

    /// <inheritdoc/>
    public override bool Read(SampleBatch batch)
    {
        batch.Clear();
        int used = 0;
        while (_heap.Count > 0 && used < SampleBatch.DefaultCapacity / 2)
        {
            OsvtCpuStream stream = _streams[_heap.First];
            stream.CopyTo(batch, ref used);
            if (stream.MoveNext())
                _heap.Replace(stream.Time);
            else
                _heap.RemoveFirst();
        }

        Stats.Samples += batch.Count;
        if (batch.Count == 0 && _input.Damage is BadDataException damage)
            Stats.End(damage);

        return batch.Count > 0;
    }

    /// <summary>Reads the dump's own symbols and modules.</summary>
    public OsvtSymbolTables ReadSymbols() => OsvtSymbolTables.Read(_source, _chunks, Stats);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _source.Dispose();
        _input.Dispose();
        base.Dispose(disposing);
    }

    private int ReadDictionary(ParseLimits limits)
    {
        OsvtChunk chunk = _chunks.FirstOrDefault(chunk => chunk.Tag == OsvtChunk.Dictionary);
        if (chunk.Tag == 0)
            throw new BadDataException(Name, 24, "no TRCD chunk: the dump has no dictionary of tracepoints");

        if (chunk.Size > MaxDictionarySize)
            throw new BadDataException(
                Name,
                chunk.Offset,
                $"a TRCD chunk of {chunk.Size} bytes, expected {MaxDictionarySize} at most"
            );

        var reader = new ByteReader(_source.Slice(chunk.Offset, chunk.Size).Span, Name, chunk.Offset);
        try
        {
            return OsvtDictionary.Read(ref reader, Tracepoints, limits);
        }
        catch (BadDataException damage) when (Tracepoints.Count > 0)
        {
            // The tracepoints before the damage still serve; records of the others end their CPU's stream.
            Stats.End(damage);
            return 10;
        }
    }
}
