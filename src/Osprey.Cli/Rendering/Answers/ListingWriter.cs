using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers;

namespace Osprey.Cli.Rendering.Answers;

/// <summary>Writes the rows of a listing in the form that the user asked for.</summary>
internal static class ListingWriter
{
    /// <summary>Writes rows while they are enumerated.</summary>
    /// <param name="output">Gets them.</param>
    /// <param name="format">The form. Text without rows is nothing, not a heading alone.</param>
    /// <param name="shape">Their columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellation">Ends the listing between two rows.</param>
    /// <param name="defects">
    /// Gives, after the last row, the reasons why rows may be missing, which JSON has too; null for a listing that
    /// can't
    /// lack any.
    /// </param>
    /// <returns>The number of rows.</returns>
    public static long Write<TRow>(
        Output output,
        AnswerFormat format,
        Shape<TRow> shape,
        IEnumerable<TRow> rows,
        Func<IReadOnlyList<string>>? defects = null,
        CancellationToken cancellation = default
    )
    {
        long count = 0;
        switch (format)
        {
            case AnswerFormat.Json:
                JsonAnswers.WriteListing(output, shape, Counted(), defects);
                break;
            case AnswerFormat.Csv:
                var csv = new CsvAnswerWriter(output.Text);
                csv.WriteHeading(shape.Columns);
                foreach (TRow row in Counted())
                {
                    shape.WriteCells(row, csv);
                    csv.EndRow();
                    output.FlushIfLarge();
                }

                break;
            default:
                TextTableWriter? table = null;
                foreach (TRow row in Counted())
                {
                    table ??= new TextTableWriter(output.Text, shape.Columns);
                    shape.WriteCells(row, table);
                    table.EndRow();
                    output.FlushIfLarge();
                }

                table?.Finish();
                break;
        }

        return count;

        IEnumerable<TRow> Counted()
        {
            foreach (TRow row in rows)
            {
                cancellation.ThrowIfCancellationRequested();
                count++;
                yield return row;
            }
        }
    }
}
