using System.Runtime.InteropServices;
using Osprey.Cli.Rendering.Streams;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Model;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Writes timed samples, composed on all cores: as they come, or sorted once all have come.</summary>
/// <remarks>To sort, the lines are composed while the trace is still being read, and put in order as text.</remarks>
internal sealed class TimedListing
{
#if DEBUG
    private const int PieceSize = 7;
#else
    private const int PieceSize = 2048;
#endif

    private const int UsualLine = 128; // bytes
    private const int MostExpected = 1 << 24;

    private readonly Output _output;
    private readonly string? _sort;
    private readonly OrderedText<TimedSampleLines, Piece> _text;
    private readonly List<TimedSampleLines> _writers = [];
    private readonly Stack<Piece> _spare = [];
    private readonly BlockStore<byte> _texts = new(1 << 25);
    private readonly BlockStore<int> _ends = new(1 << 20);
    private readonly List<(ReadOnlyMemory<byte> Text, ReadOnlyMemory<int> Ends)> _composed = [];
    private ulong[] _keys = [];
    private Piece _piece = new(PieceSize);

    /// <param name="output">Where to.</param>
    /// <param name="createLines">Makes what writes the lines, once for each core and some more.</param>
    /// <param name="release">Called with each row once its line is composed.</param>
    /// <param name="sort">
    /// <c>duration</c>, longest first; <c>time</c>, earliest first; null for the order in which rows are added.
    /// </param>
    /// <param name="expected">About how many rows will be added, at most; 0 when that is not known.</param>
    public TimedListing(
        Output output,
        Func<TimedSampleLines> createLines,
        Action<TimedSample> release,
        string? sort,
        long expected = 0
    )
    {
        // Memory that is not written yet costs nothing; to make it larger later does.
        if (sort is not null && expected > PieceSize)
            _keys = HugePages.Allocate<ulong>((int)Math.Min(expected, MostExpected));

        _output = output;
        _sort = sort;
        output.Flush();
        _text = new OrderedText<TimedSampleLines, Piece>(
            (lines, piece, text) =>
            {
                Span<TimedSample> rows = CollectionsMarshal.AsSpan(piece.Rows);
                if (sort is null)
                {
                    foreach (ref readonly TimedSample row in rows)
                        lines.Append(text, row);
                    return;
                }

                Memory<int> ends = _ends.Take(rows.Length);
                for (int i = 0; i < rows.Length; i++)
                {
                    lines.Append(text, rows[i]);
                    ends.Span[i] = text.Length;
                }

                Memory<byte> kept = _texts.Take(text.Length);
                text.Written.CopyTo(kept.Span);
                piece.Kept = (kept, ends);
            },
            (piece, text) =>
            {
                if (sort is null)
                    output.Write(text.Written);
                else
                    _composed.Add(piece.Kept);

                piece.Rows.ForEach(release);
                piece.Rows.Clear();
                _spare.Push(piece);
            }
        );
        for (int i = 0; i < Environment.ProcessorCount + 2; i++)
        {
            _writers.Add(createLines());
            _text.AddWriter(_writers[i], PieceSize * UsualLine);
        }
    }

    /// <summary>The number of rows that were added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a row.</summary>
    public void Add(TimedSample row)
    {
        if (_sort is not null)
            AddKey(_sort == "duration" ? row.Nanoseconds : row.Time);

        Count++;

        _piece.Rows.Add(row);
        if (_piece.Rows.Count < PieceSize)
            return;

        _text.Add(_piece);
        _piece = _spare.Count > 0 ? _spare.Pop() : new Piece(PieceSize);
    }

    /// <summary>Writes what is left, and adds what did not fit its format to the trace's counters.</summary>
    public void Finish(TraceStats stats)
    {
        _text.Add(_piece);
        _text.Finish();
        if (_sort is not null)
            WriteSorted();

        foreach (TimedSampleLines lines in _writers)
            lines.CountMismatches(stats);
    }

    private void AddKey(ulong key)
    {
        if (Count == _keys.Length)
        {
            ulong[] larger = HugePages.Allocate<ulong>(Math.Max(2 * _keys.Length, PieceSize));
            _keys.CopyTo(larger, 0);
            _keys = larger;
        }

        _keys[Count] = key;
    }

    /// <summary>Puts the lines in order on all cores: each lies elsewhere in memory.</summary>
    private void WriteSorted()
    {
        Span<ulong> keys = _keys.AsSpan(0, (int)Count);
        int[] order = _sort == "duration" ? TimedOrder.ByDuration(keys) : TimedOrder.ByTime(keys);
        var sorted = new OrderedText<TimedListing, ReadOnlyMemory<int>>(
            (listing, rows, text) =>
            {
                foreach (int row in rows.Span)
                    text.Append(listing.GetLine(row));
            },
            (_, text) => _output.Write(text.Written)
        );
        for (int i = 0; i < Environment.ProcessorCount + 2; i++)
            sorted.AddWriter(this, PieceSize * UsualLine);

        for (int start = 0; start < order.Length; start += PieceSize)
            sorted.Add(order.AsMemory(start, Math.Min(PieceSize, order.Length - start)));

        sorted.Finish();
    }

    private ReadOnlySpan<byte> GetLine(int row)
    {
        (ReadOnlyMemory<byte> text, ReadOnlyMemory<int> ends) = _composed[row / PieceSize];
        int line = row % PieceSize;
        int start = line == 0 ? 0 : ends.Span[line - 1];
        return text.Span[start..ends.Span[line]];
    }

    /// <summary>Rows that are composed together.</summary>
    private sealed class Piece(int size)
    {
        public List<TimedSample> Rows { get; } = new(size);

        /// <summary>Their text and where each line ends in it, when they are kept to be sorted.</summary>
        public (ReadOnlyMemory<byte> Text, ReadOnlyMemory<int> Ends) Kept { get; set; }
    }
}
