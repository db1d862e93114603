using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Model;

namespace Osprey.Session.Answers.Traces.Samples;

/// <summary>An entry with its duration and its exit as a row.</summary>
public readonly ref struct TimedRow
{
    private readonly SampleCells _cells;
    private readonly SampleRow _entry;
    private readonly TraceEvent _exit;
    private readonly ulong _nanoseconds;
    private readonly bool _hasExit;
    private readonly bool _isOpen;

    /// <param name="timed">The entry with its exit.</param>
    /// <param name="cells">Computes what the samples do not hold themselves.</param>
    public TimedRow(in TimedSample timed, SampleCells cells)
    {
        _cells = cells;
        _entry = cells.CreateRow(timed.Entry.Sample);
        _hasExit = !timed.Exit.IsNone;
        _exit = _hasExit ? timed.Exit.Sample : default;
        _nanoseconds = timed.Nanoseconds;
        _isOpen = timed.IsOpen;
    }

    /// <summary>The columns.</summary>
    public static Shape<TimedRow> Shape { get; } =
        new Shape<TimedRow>("timed")
            .Include(row => row._entry, SampleRow.Shape)
            .Duration("duration", row => row._nanoseconds)
            .Boolean("open", row => row._isOpen ? true : null)
            .Optional()
            .Text("exit", row => row._hasExit ? row._cells.TracepointOf(row._exit).Name : null)
            .Optional()
            .List("result", (row, writer) => row._cells.WriteArguments(row._exit, writer), row => row._hasExit)
            .Optional();
}
