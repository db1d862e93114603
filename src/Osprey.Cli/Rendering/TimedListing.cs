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

    private readonly OrderedText<TimedSampleLines, List<TimedSample>> _text;
    private readonly List<TimedSampleLines> _writers = [];
    private readonly Stack<List<TimedSample>> _spare = [];
    private List<TimedSample> _piece = new(PieceSize);

    /// <param name="output">Where to.</param>
    /// <param name="createLines">Makes what writes the lines, once for each core and some more.</param>
    /// <param name="release">Called with each row once it is written.</param>
    public TimedListing(Output output, Func<TimedSampleLines> createLines, Action<TimedSample> release)
    {
        output.Flush();
        _text = new OrderedText<TimedSampleLines, List<TimedSample>>(
            output,
            (lines, rows, text) =>
            {
                foreach (TimedSample row in rows)
                    lines.Append(text, row);
            },
            rows =>
            {
                rows.ForEach(release);
                rows.Clear();
                _spare.Push(rows);
            });
        for (int i = 0; i < Environment.ProcessorCount + 2; i++)
        {
            _writers.Add(createLines());
            _text.AddWriter(_writers[i]);
        }
    }

    public void Add(TimedSample row)
    {
        _piece.Add(row);
        if (_piece.Count < PieceSize)
            return;

        _text.Add(_piece);
        _piece = _spare.Count > 0 ? _spare.Pop() : new List<TimedSample>(PieceSize);
    }

    /// <summary>Writes what is left, and adds what did not fit its format to the trace's counters.</summary>
    public void Finish(TraceStats stats)
    {
        _text.Add(_piece);
        _text.Finish();
        foreach (TimedSampleLines lines in _writers)
            lines.CountMismatches(stats);
    }
}
