using System.Runtime.InteropServices;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Model;

namespace Osprey.Cli.Rendering;

/// <summary>Writes timed samples on all cores, in the order in which they are added.</summary>
internal sealed class TimedListing
{
#if DEBUG
    private const int PieceSize = 7;
#else
    private const int PieceSize = 2048;
#endif

    private readonly OrderedText<TimedSampleLines, Piece> _text;
    private readonly List<TimedSampleLines> _writers = [];
    private readonly Stack<List<TimedSample>> _spare = [];
    private List<TimedSample> _rows = new(PieceSize);

    /// <param name="output">Where to.</param>
    /// <param name="createLines">Makes what writes the lines, once for each core and some more.</param>
    /// <param name="release">Called with each row that was added alone, once it is written.</param>
    public TimedListing(Output output, Func<TimedSampleLines> createLines, Action<TimedSample> release)
    {
        output.Flush();
        _text = new OrderedText<TimedSampleLines, Piece>(
            output,
            (lines, piece, text) =>
            {
                ReadOnlySpan<TimedSample> rows = CollectionsMarshal.AsSpan(piece.Rows);
                for (int i = piece.Start; i < piece.End; i++)
                    lines.Append(text, rows[piece.Order is null ? i : piece.Order[i]]);
            },
            piece =>
            {
                if (piece.Order is not null)
                    return;

                piece.Rows.ForEach(release);
                piece.Rows.Clear();
                _spare.Push(piece.Rows);
            });
        for (int i = 0; i < Environment.ProcessorCount + 2; i++)
        {
            _writers.Add(createLines());
            _text.AddWriter(_writers[i]);
        }
    }

    /// <summary>Adds the next row.</summary>
    public void Add(TimedSample row)
    {
        _rows.Add(row);
        if (_rows.Count < PieceSize)
            return;

        _text.Add(new Piece(_rows, null, 0, _rows.Count));
        _rows = _spare.Count > 0 ? _spare.Pop() : new List<TimedSample>(PieceSize);
    }

    /// <summary>Adds rows in an order of their own; they must stay as they are until the end.</summary>
    public void Add(List<TimedSample> rows, int[] order)
    {
        for (int start = 0; start < order.Length; start += PieceSize)
            _text.Add(new Piece(rows, order, start, Math.Min(order.Length, start + PieceSize)));
    }

    /// <summary>Writes what is left, and adds what did not fit its format to the trace's counters.</summary>
    public void Finish(TraceStats stats)
    {
        _text.Add(new Piece(_rows, null, 0, _rows.Count));
        _text.Finish();
        foreach (TimedSampleLines lines in _writers)
            lines.CountMismatches(stats);
    }

    /// <param name="Rows">Where the rows are.</param>
    /// <param name="Order">The rows' indexes in the order to write them; null for the order that they have.</param>
    /// <param name="Start">The first place in the order.</param>
    /// <param name="End">The place behind the last.</param>
    private sealed record Piece(List<TimedSample> Rows, int[]? Order, int Start, int End);
}
