using System.Buffers;
using Osprey.Session.Answers;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Answers;

/// <summary>Writes rows as comma-separated values (RFC 4180, but with line feeds) below a line of names.</summary>
/// <remarks>
/// Values are those of JSON: times in nanoseconds, sizes in bytes, addresses in hexadecimal. Where there is no value
/// the cell is empty. The columns of a record within the row are named <c>record.column</c>.
/// </remarks>
internal sealed class CsvAnswerWriter(Utf8Builder text) : FlatCellWriter
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");

    private bool _isFirst = true;

    public override ColumnUse Use => ColumnUse.Data;

    protected override string Separator => " ";

    /// <summary>Writes the names of the columns.</summary>
    public void WriteHeading(IEnumerable<Column> columns)
    {
        WriteNames(columns, "");
        EndRow();
    }

    /// <summary>Ends a row.</summary>
    public void EndRow()
    {
        text.Append((byte)'\n');
        _isFirst = true;
    }

    protected override void AddCell(Column column, string text) => AddCell(text);

    protected override string FormatNull(Column column) => "";

    protected override string Format(bool value) => value ? "true" : "false";

    private void WriteNames(IEnumerable<Column> columns, string prefix)
    {
        foreach (Column column in columns)
        {
            if ((column.Use & Use) == 0)
                continue;

            if (column.Kind == ColumnKind.Record)
                WriteNames(column.Parts, prefix + column.Name + ".");
            else
                AddCell(prefix + column.Name);
        }
    }

    private void AddCell(string cell)
    {
        if (!_isFirst)
            text.Append((byte)',');

        _isFirst = false;
        text.Append(
            cell.AsSpan().ContainsAny(s_quoted) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell
        );
    }
}
