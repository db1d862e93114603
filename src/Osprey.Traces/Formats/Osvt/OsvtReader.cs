using Osprey.Binary;
using Osprey.Traces.Formats.Osvt.Recordings;
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
    private readonly List<OsvtChunk>[] _samples; // the chunks of each CPU
    private readonly OsvtCpuStream[] _streams;
    private RecordedNames? _names;
    private readonly StreamHeap _heap;

    internal OsvtReader(TraceInput input, MergeOrder order, ParseLimits limits)
    {
        _input = input;
        _source = input.ToRandomAccess();
        _chunks = OsvtChunks.Find(_source, Stats);
        int backtraceLength = ReadDictionary(limits);
        if (_chunks is [{ Tag: OsvtChunk.Facts } facts, ..])
        {
            Facts = RecordingFacts.Read(_source, facts, Stats);
            (_samples, Recorded) = ReadPieces();
            if (_chunks.FindLast(chunk => chunk.Tag == OsvtChunk.Clock) is { Tag: OsvtChunk.Clock } clock)
                Clock = RecordedClock.Read(_source, clock, Stats);
        }
        else
        {
            _samples =
            [
                .. _chunks.Where(chunk => chunk.Tag == OsvtChunk.Samples).Select(chunk => (List<OsvtChunk>)[chunk]),
            ];
        }

        _streams =
        [
            .. _samples.Select(chunks => new OsvtCpuStream(_source, chunks, Tracepoints, backtraceLength, Stats)),
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
                chunk.Tag
                    is not (
                        OsvtChunk.Dictionary
                        or OsvtChunk.Modules
                        or OsvtChunk.Symbols
                        or OsvtChunk.Samples
                        or OsvtChunk.Facts
                        or OsvtChunk.Piece
                        or OsvtChunk.Names
                        or OsvtChunk.Clock
                    )
            )
        );
    }

    /// <inheritdoc/>
    public override string Name => _input.Name;

    /// <inheritdoc/>
    public override string FormatName => Facts is null ? "OSVT dump" : "OSVT recording";

    /// <inheritdoc/>
    public override TracepointTable Tracepoints { get; } = new();

    /// <inheritdoc/>
    public override TraceSemantics Semantics => OsvTraceSemantics.Instance;

    /// <inheritdoc/>
    public override long? Length => _source.Length;

    /// <summary>The facts that a recording brings; null for a dump of the guest's own.</summary>
    public RecordingFacts? Facts { get; }

    /// <summary>What the samples' clock shows beside the recorder's; null when the recording does not tell.</summary>
    public RecordedClock? Clock { get; }

    /// <summary>The samples and losses of each CPU's ring in a recording, by number; empty for a dump.</summary>
    public IReadOnlyList<RecordedCpu> Recorded { get; } = [];

    /// <summary>The number of CPUs that the dump has a chunk for, with samples or without.</summary>
    public int CpuCount => _streams.Length;

    /// <summary>Size in bytes of each CPU's samples, in the order of the dump.</summary>
    public IReadOnlyList<long> CpuBytes => [.. _samples.Select(chunks => chunks.Sum(chunk => chunk.Size))];

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

    /// <summary>
    /// Reads the names that a recording brings for the addresses in its backtraces; null when it brings none.
    /// </summary>
    public RecordedNames? ReadNames()
    {
        if (Facts is not null)
            _names ??= RecordedNames.Read(_source, _chunks, Stats);

        return _names?.Count > 0 ? _names : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _source.Dispose();
        _input.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Puts the chunks of samples together that are of one CPU, and counts what was lost of each.</summary>
    private (List<OsvtChunk>[] Samples, IReadOnlyList<RecordedCpu> Cpus) ReadPieces()
    {
        const int MaxCpus = 1024;
        var samples = new SortedDictionary<uint, List<OsvtChunk>>();
        var cpus = new SortedDictionary<uint, RecordedCpu>();
        RecordedPiece? piece = null;
        Span<byte> bytes = stackalloc byte[RecordedPiece.Size];
        foreach (OsvtChunk chunk in _chunks)
        {
            if (chunk.Tag == OsvtChunk.Piece && chunk.Size >= RecordedPiece.Size)
            {
                if (_source.Read(chunk.Offset, bytes) != bytes.Length)
                    continue;

                var reader = new ByteReader(bytes, Name, chunk.Offset);
                piece = RecordedPiece.Read(ref reader);
            }

            if (chunk.Tag != OsvtChunk.Samples)
                continue;

            uint cpu = piece?.Cpu ?? uint.MaxValue;
            if (samples.Count == MaxCpus && !samples.ContainsKey(cpu))
                throw new BadDataException(Name, chunk.Offset, $"samples of over {MaxCpus} CPUs");

            if (!samples.TryGetValue(cpu, out List<OsvtChunk>? chunks))
                samples.Add(cpu, chunks = []);

            chunks.Add(chunk);
            if (piece is { } known)
                cpus[cpu] = (cpus.GetValueOrDefault(cpu) ?? RecordedCpu.None(cpu)).With(known, chunk.Size);

            piece = null;
        }

        Stats.Count(LossKind.OverwrittenSamples, cpus.Values.Sum(cpu => cpu.LostSamples));
        Stats.Count(LossKind.OverwrittenBytes, cpus.Values.Sum(cpu => cpu.LostBytes));
        Stats.Count(LossKind.EarlierSamples, cpus.Values.Sum(cpu => cpu.EarlierSamples));
        return ([.. samples.Values], [.. cpus.Values]);
    }

    /// <summary>Reads the dictionary; a recording adds to it when the guest gets more tracepoints.</summary>
    private int ReadDictionary(ParseLimits limits)
    {
        int backtraceLength = -1;
        foreach (OsvtChunk chunk in _chunks.Where(chunk => chunk.Tag == OsvtChunk.Dictionary))
        {
            int length = ReadDictionary(chunk, limits);
            if (backtraceLength < 0)
                backtraceLength = length;

            if (_chunks[0].Tag != OsvtChunk.Facts)
                break;
        }

        return backtraceLength >= 0
            ? backtraceLength
            : throw new BadDataException(Name, 24, "no TRCD chunk: the dump has no dictionary of tracepoints");
    }

    private int ReadDictionary(OsvtChunk chunk, ParseLimits limits)
    {
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
