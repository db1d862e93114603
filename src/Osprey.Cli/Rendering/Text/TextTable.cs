using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Rows under a heading, each column as wide as its widest text, two blanks between.</summary>
/// <param name="heading">The columns' names.</param>
/// <param name="rightAligned">Numbers of the columns that are aligned to the right.</param>
internal sealed class TextTable(string[] heading, params int[] rightAligned)
{
    private readonly List<string[]> _rows = [heading];

    /// <summary>Adds a row, one text a column.</summary>
    public void Add(params string[] row) => _rows.Add(row);

    /// <summary>Writes the heading and the rows.</summary>
    public void Write(Utf8Builder text)
    {
        int[] widths = [.. Enumerable.Range(0, heading.Length).Select(column => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                bool isLast = column == row.Length - 1;
                string cell = row[column];
                int padding = widths[column] - cell.Length;
                bool isRight = Array.IndexOf(rightAligned, column) >= 0;
                text.AppendRepeated((byte)' ', isRight ? padding : 0);
                text.Append(cell);
                text.AppendRepeated((byte)' ', isRight || isLast ? 0 : padding);
                text.Append(isLast ? "\n"u8 : "  "u8);
            }
        }
    }
}
