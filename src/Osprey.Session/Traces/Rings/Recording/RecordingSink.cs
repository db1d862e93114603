using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Osprey.Session.Probes;
using Osprey.Symbols;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Session.Traces.Rings.Recording;

/// <summary>Writes a recording's pieces on a thread of its own, with the names of the addresses in them.</summary>
internal sealed class RecordingSink : IDisposable
{
    /// <summary>The size from which on a piece is handed on.</summary>
    public const int PieceSize = 1 << 18;

    private const int MaxPieces = 64;
    private const long NoOffset = long.MaxValue;
    private static readonly string s_clock = HostClock.Name;
    private static readonly TimeSpan s_betweenNames = TimeSpan.FromSeconds(1);

    private readonly RecordingRequest _request;
    private readonly GuestRings _rings;
    private readonly RecordingFacts _facts;
    private readonly IReadOnlyCollection<OsvtModule> _modules;
    private readonly Symbolizer _symbols;
    private readonly RecordingFiles _files;
    private readonly BlockingCollection<Work> _work = [];
    private readonly ConcurrentBag<RingPiece> _free = [];
    private readonly RecordedCpus _cpus = new();
    private readonly List<Tracepoint> _tracepoints;
    private readonly RingPlace[] _places;
    private readonly TracepointTable _known = new(); // as far as pieces have come: the writer's own
    private readonly Thread _thread;
    private RecordingWriter _writer;
    private RingNames _names;
    private long _written; // by files that are full
    private long _length; // of all files
    private int _pieces;
    private long _clockOffset = NoOffset;
    private long _writtenOffset = NoOffset;
    private volatile bool _isFull;
    private volatile ExceptionDispatchInfo? _failure;

    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written.</exception>
    public RecordingSink(
        RecordingRequest request,
        GuestRings rings,
        RecordingFacts facts,
        IReadOnlyCollection<OsvtModule> modules,
        Symbolizer symbols
    )
    {
        _request = request;
        _rings = rings;
        _facts = facts;
        _modules = modules;
        _symbols = symbols;
        _files = new RecordingFiles(request.Path, request.Rotate);
        _tracepoints = [.. rings.Tracepoints.All];
        _places = [.. rings.Readers.Select(reader => reader.Place)];
        foreach (Tracepoint tracepoint in _tracepoints)
            AddKnown(tracepoint);

        (_writer, _names) = Begin();
        _thread = new Thread(Write) { IsBackground = true, Name = "trace writer" };
        _thread.Start();
    }

    /// <summary>Tells whether the last file has the size that was allowed.</summary>
    public bool IsFull => _isFull;

    /// <summary>Sets what to add to the guest's times to have those of the host's clock; null when not known.</summary>
    public long? ClockOffset
    {
        set => Volatile.Write(ref _clockOffset, value ?? NoOffset);
    }

    /// <summary>Tells whether the reader may go on: not when too much waits to be written.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public bool HasRoom
    {
        get
        {
            _failure?.Throw();
            return Volatile.Read(ref _pieces) < MaxPieces || !_free.IsEmpty;
        }
    }

    /// <summary>Takes a piece to be written, and gives an empty one.</summary>
    public RingPiece Take(RingPiece piece)
    {
        _work.Add(new Work(piece, null));
        if (_free.TryTake(out RingPiece? free))
            return free;

        // Within a round there may be a few more than the most; the next round waits for them.
        Interlocked.Increment(ref _pieces);
        return new RingPiece();
    }

    /// <summary>Takes tracepoints that the guest has got since, before samples of them.</summary>
    public void Add(IReadOnlyList<Tracepoint> tracepoints) => _work.Add(new Work(null, tracepoints));

    /// <summary>Gives how far the recording is.</summary>
    public RecordingState GetState(TimeSpan elapsed)
    {
        lock (_cpus)
            return new RecordingState(elapsed, Interlocked.Read(ref _length), _cpus.All);
    }

    /// <summary>Writes all that waits.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void Finish()
    {
        _work.CompleteAdding();
        _thread.Join();
        _failure?.Throw();
    }

    /// <summary>The outcome.</summary>
    public RecordingResult GetResult(RecordingEnd end, TimeSpan elapsed, IReadOnlyList<string> defects) =>
        new(_request.Path, _files.All, end, GetState(elapsed), _names.Count, _names.NamedCount, defects);

    public void Dispose()
    {
        if (!_work.IsAddingCompleted)
            _work.CompleteAdding();

        _thread.Join();
        _work.Dispose();
        _files.Dispose();
    }

    private (RecordingWriter Writer, RingNames Names) Begin()
    {
        var writer = new RecordingWriter(_files.Next(), _facts, _tracepoints, _rings.Layout);
        writer.Add(_modules);
        foreach (RingPlace place in _places)
            writer.AddCpu(place);

        writer.Commit();
        _length = _written + writer.Length;
        return (writer, new RingNames(_symbols, _known, _rings.Layout));
    }

    private void Write()
    {
        try
        {
            long named = Stopwatch.GetTimestamp();
            foreach (Work work in _work.GetConsumingEnumerable())
            {
                if (work.Tracepoints is { } tracepoints)
                    AddTracepoints(tracepoints);

                if (work.Piece is { } piece)
                    Write(piece);

                if (_work.Count == 0 && Stopwatch.GetElapsedTime(named) >= s_betweenNames)
                {
                    WriteNames();
                    named = Stopwatch.GetTimestamp();
                }
            }

            WriteNames();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    private void Write(RingPiece piece)
    {
        if (!_isFull)
        {
            _writer.Add(piece);
            _names.Add(piece);
            _writer.Commit();
            lock (_cpus)
                _cpus.Add(piece);

            Interlocked.Exchange(ref _length, _written + _writer.Length);
        }

        piece.Clear();
        _free.Add(piece);
        if (_isFull || _writer.Length < (_request.MaxSize ?? long.MaxValue))
            return;

        if (_request.Rotate < 1)
        {
            _isFull = true;
            return;
        }

        WriteNames();
        _written += _writer.Length;
        _writtenOffset = NoOffset;
        (_writer, _names) = Begin();
    }

    private void WriteNames()
    {
        _names.Write(_writer);
        long offset = Volatile.Read(ref _clockOffset);
        if (offset != _writtenOffset && s_clock.Length > 0)
            _writer.Add(new RecordedClock(s_clock, offset));

        _writtenOffset = offset;
        _writer.Commit();
        Interlocked.Exchange(ref _length, _written + _writer.Length);
    }

    private void AddTracepoints(IReadOnlyList<Tracepoint> tracepoints)
    {
        foreach (Tracepoint tracepoint in tracepoints)
        {
            _tracepoints.Add(tracepoint);
            AddKnown(tracepoint);
        }

        _writer.AddTracepoints(tracepoints, _rings.Layout);
    }

    private void AddKnown(Tracepoint tracepoint) =>
        _known.Add(
            tracepoint.Key,
            tracepoint.NameBytes.Span,
            tracepoint.SignatureBytes.Span,
            tracepoint.FormatBytes.Span
        );

    /// <summary>A piece to write, or tracepoints to add before the next one.</summary>
    private readonly record struct Work(RingPiece? Piece, IReadOnlyList<Tracepoint>? Tracepoints);
}
