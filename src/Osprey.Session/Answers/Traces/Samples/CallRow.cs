using Osprey.Traces.Model;

namespace Osprey.Session.Answers.Traces.Samples;

/// <summary>A call, or another sample, of a guest that runs, as a row.</summary>
public readonly ref struct CallRow
{
    private readonly SampleCells _cells;
    private readonly SampleRow _entry;
    private readonly TraceEvent _exit;
    private readonly bool _hasExit;
    private readonly bool _isUnfinished;

    /// <summary>Makes the row of a sample without an end.</summary>
    /// <param name="entry">The sample.</param>
    /// <param name="cells">Computes what samples do not hold themselves.</param>
    /// <param name="isUnfinished">True for the begin of a call that goes on.</param>
    public CallRow(scoped in TraceEvent entry, SampleCells cells, bool isUnfinished)
    {
        _cells = cells;
        _entry = cells.CreateRow(entry);
        _isUnfinished = isUnfinished;
    }

    /// <summary>Makes the row of a call with its end.</summary>
    public CallRow(scoped in TraceEvent entry, scoped in TraceEvent exit, SampleCells cells)
    {
        _cells = cells;
        _entry = cells.CreateRow(entry);
        _exit = exit;
        _hasExit = true;
    }

    /// <summary>The columns.</summary>
    public static Shape<CallRow> Shape { get; } =
        new Shape<CallRow>("calls")
            .Include(row => row._entry, SampleRow.Shape)
            .Duration("duration", row => row._hasExit ? row.Duration : null)
            .Optional()
            .Boolean("unfinished", row => row._isUnfinished ? true : null)
            .Optional()
            .Text("exit", row => row._hasExit ? row._cells.TracepointOf(row._exit).Name : null)
            .Optional()
            .List("result", (row, writer) => row._cells.WriteArguments(row._exit, writer), row => row._hasExit)
            .Optional();

    private ulong? Duration => _exit.Time > _entry.Sample.Time ? _exit.Time - _entry.Sample.Time : 0;
}
