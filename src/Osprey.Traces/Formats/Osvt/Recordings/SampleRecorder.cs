using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Osprey.Symbols;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Traces.Formats.Osvt.Recordings;

/// <summary>
/// Writes samples that do not come from a guest's rings as a recording, which grows and is whole at any moment.
/// </summary>
/// <remarks>
/// Samples of one stream must come in the order of their time; readers merge the streams. A stream has the number of a
/// CPU, or any other one.
/// </remarks>
public sealed class SampleRecorder
{
    private const int PieceSize = 1 << 16;
    private const byte HasBacktrace = 1;

    private readonly RecordingWriter _writer;
    private readonly RingLayout _layout;
    private readonly ISymbolSource? _names;
    private readonly Dictionary<int, RingPiece> _pieces = [];
    private readonly HashSet<ulong> _named = [];
    private readonly List<ulong> _unnamed = [];
    private byte[] _record = new byte[1024];

    /// <summary>Begins a recording.</summary>
    /// <param name="file">An empty file; stays open.</param>
    /// <param name="facts">Of what it is.</param>
    /// <param name="backtraceLength">
    /// The return addresses that a sample has room for, 256 at most; longer backtraces lose their outermost ones.
    /// </param>
    /// <param name="names">Names for the addresses in backtraces, found when they are first met; null for none.</param>
    public SampleRecorder(SafeFileHandle file, RecordingFacts facts, int backtraceLength, ISymbolSource? names)
    {
        _layout = new RingLayout(RingLayout.Osv.PageSize, backtraceLength);
        _names = names;
        _writer = new RecordingWriter(file, facts, [], _layout);
    }

    /// <summary>The tracepoints so far.</summary>
    public TracepointTable Tracepoints { get; } = new();

    /// <summary>The number of samples that were added.</summary>
    public long Count { get; private set; }

    /// <summary>The length of the file in bytes, as far as it is written.</summary>
    public long Length => _writer.Length;

    /// <summary>Adds a tracepoint, before its first sample.</summary>
    /// <param name="key">A number of its own.</param>
    /// <param name="name">The name in UTF-8.</param>
    /// <param name="signature">One character an argument.</param>
    /// <param name="format">The printf-like format in UTF-8.</param>
    public Tracepoint AddTracepoint(
        ulong key,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> signature,
        ReadOnlySpan<byte> format
    )
    {
        Tracepoint tracepoint = Tracepoints.Add(key, name, signature, format);
        _writer.AddTracepoints([tracepoint], _layout);
        return tracepoint;
    }

    /// <summary>Adds a sample.</summary>
    /// <param name="stream">The number of its stream.</param>
    /// <param name="sample">The sample, of a tracepoint of <see cref="Tracepoints"/>.</param>
    public void Add(int stream, in SampleFields sample)
    {
        int backtrace = sample.Backtrace.IsEmpty ? 0 : _layout.BacktraceLength * sizeof(ulong);
        int payload = KernelRecord.HeaderSize + backtrace;
        int size = KernelRecord.Pad(payload + sample.Payload.Length);
        if (_record.Length < size)
            _record = new byte[size * 2];

        Span<byte> record = _record.AsSpan(0, size);
        record.Clear();
        KernelRecord.WriteHead(record, sample, backtrace > 0 ? HasBacktrace : (byte)0);
        int position = KernelRecord.HeaderSize;
        foreach (ulong address in sample.Backtrace[..Math.Min(sample.Backtrace.Length, _layout.BacktraceLength)])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(record[position..], address);
            position += sizeof(ulong);
            if (_names is not null && address != 0 && _named.Add(address - 1))
                _unnamed.Add(address - 1);
        }

        sample.Payload.CopyTo(record[payload..]);
        RingPiece piece = GetPiece(stream);
        piece.Append(record, 1);
        Count++;
        if (piece.Length >= PieceSize)
            Write(piece);
    }

    /// <summary>Counts samples that were lost at this place of a stream.</summary>
    public void AddLoss(int stream, ulong samples)
    {
        RingPiece piece = GetPiece(stream);
        if (piece.Count > 0)
            Write(piece);

        piece.Loss = new RingLoss(0, piece.Loss.Samples + samples, IsEarlier: false);
    }

    /// <summary>Adds what the samples' clock shows beside another one.</summary>
    public void Add(RecordedClock clock) => _writer.Add(clock);

    /// <summary>Adds what is loaded.</summary>
    public void AddModules(IReadOnlyCollection<OsvtModule> modules) => _writer.Add(modules);

    /// <summary>Writes all that was added so far, with the names of new addresses; it counts from then on.</summary>
    public void Flush()
    {
        foreach (RingPiece piece in _pieces.Values)
        {
            if (!piece.IsEmpty || piece.Loss.Samples > 0)
                Write(piece);
        }

        WriteNames();
        _writer.Commit();
    }

    private RingPiece GetPiece(int stream)
    {
        if (!_pieces.TryGetValue(stream, out RingPiece? piece))
            _pieces.Add(stream, piece = new RingPiece { Cpu = stream });

        return piece;
    }

    private void Write(RingPiece piece)
    {
        piece.End = piece.Position + (ulong)piece.Length;
        ulong end = piece.End;
        _writer.Add(piece);
        piece.Clear();
        piece.Loss = default;
        piece.Position = end;
    }

    private void WriteNames()
    {
        if (_names is null || _unnamed.Count == 0)
            return;

        var names = new List<(ulong, SymbolFrame[])>();
        var frames = new List<SymbolFrame>();
        foreach (ulong address in _unnamed)
        {
            frames.Clear();
            if (_names.TryResolve(address, frames))
                names.Add((address, [.. frames]));
        }

        _unnamed.Clear();
        _writer.Add(names, symbols: []);
    }
}
