using System.Globalization;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers;
using Osprey.Session.Guests;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Answers;

/// <summary>
/// Writes rows as a table under a heading, each column as wide as its widest text, two blanks between; numbers are
/// aligned to the right.
/// </summary>
/// <remarks>
/// The widths are those of the first <see cref="MeasuredRows"/> rows, so that a listing of any length needs little
/// memory; a longer text further down pushes what follows it to the right. What a guest named is made harmless to a
/// terminal.
/// </remarks>
internal sealed class TextTableWriter : FlatCellWriter
{
    /// <summary>The number of rows that are kept to measure them.</summary>
    public const int MeasuredRows = 1000;

    private readonly Utf8Builder _text;
    private readonly List<Column> _columns = [];
    private readonly List<string[]> _measured = [];
    private string[] _row;
    private int[]? _widths;
    private int _next;

    /// <param name="text">Gets the table.</param>
    /// <param name="columns">The columns of its rows.</param>
    public TextTableWriter(Utf8Builder text, IEnumerable<Column> columns)
    {
        _text = text;
        AddColumns(columns);
        _row = [.. _columns.Select(MakeHeading)];
        _next = _row.Length;
        EndRow();
    }

    public override ColumnUse Use => ColumnUse.Text;

    protected override string Separator => ", ";

    /// <summary>Ends a row.</summary>
    public void EndRow()
    {
        if (_widths is not null)
        {
            WriteRow(_row, _widths);
        }
        else
        {
            _measured.Add(_row);
            _row = new string[_columns.Count];
            if (_measured.Count > MeasuredRows)
                Finish();
        }

        _next = 0;
    }

    /// <summary>Writes what is still kept.</summary>
    public void Finish()
    {
        _widths ??= [.. Enumerable.Range(0, _columns.Count).Select(column => _measured.Max(row => row[column].Length))];
        foreach (string[] row in _measured)
            WriteRow(row, _widths);

        _measured.Clear();
    }

    protected override void AddCell(Column column, string text) => _row[_next++] = TerminalText.Escape(text);

    protected override string FormatNull(Column column) => column.Blank;

    protected override string Format(bool value) => value ? "yes" : "no";

    protected override string Format(Column column, ulong value) =>
        column.Kind switch
        {
            ColumnKind.Size => SizeText.Format(value),
            ColumnKind.Duration => TimeText.Human(value),
            ColumnKind.Time => FormatTime(value),
            _ => base.Format(column, value),
        };

    protected override string Format(Column column, double value) =>
        column.Kind switch
        {
            ColumnKind.Share => string.Create(CultureInfo.InvariantCulture, $"{value:F1} %"),
            ColumnKind.Rate => string.Create(CultureInfo.InvariantCulture, $"{value:F1}"),
            ColumnKind.Duration => TimeText.Human(value),
            _ => base.Format(column, value),
        };

    private static string FormatTime(ulong nanoseconds)
    {
        var text = new Utf8Builder(32);
        TimeText.AppendSeconds(text, nanoseconds, width: 0);
        return text.ToString();
    }

    private static string MakeHeading(Column column) =>
        column.Unit is { } unit ? $"{column.Heading}[{unit}]" : column.Heading;

    private void AddColumns(IEnumerable<Column> columns)
    {
        foreach (Column column in columns)
        {
            if ((column.Use & Use) == 0)
                continue;

            if (column.Kind == ColumnKind.Record)
                AddColumns(column.Parts);
            else
                _columns.Add(column);
        }
    }

    private void WriteRow(string[] row, int[] widths)
    {
        for (int i = 0; i < row.Length; i++)
        {
            bool isLast = i == row.Length - 1;
            bool isRight = _columns[i].IsRightAligned;
            int padding = widths[i] - row[i].Length;
            _text.AppendRepeated((byte)' ', isRight ? padding : 0);
            _text.Append(row[i]);
            _text.AppendRepeated((byte)' ', isRight || isLast ? 0 : padding);
            _text.Append(isLast ? "\n"u8 : "  "u8);
        }
    }
}
