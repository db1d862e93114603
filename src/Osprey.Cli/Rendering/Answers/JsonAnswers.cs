using System.Text.Json;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers;

namespace Osprey.Cli.Rendering.Answers;

/// <summary>Writes whole JSON documents, indented on a terminal, to a command's output.</summary>
/// <remarks>Rows are written while they are enumerated: a large answer takes no more memory than a small one.</remarks>
internal static class JsonAnswers
{
    private static readonly Column s_defects = new("defects", ColumnKind.List);

    /// <summary>Writes one record.</summary>
    public static void Write<TAnswer>(Output output, Shape<TAnswer> shape, TAnswer answer) =>
        Write(output, writer => shape.WriteRecord(answer, writer));

    /// <summary>Writes rows as one array.</summary>
    public static void WriteArray<TRow>(Output output, Shape<TRow> shape, IEnumerable<TRow> rows) =>
        Write(output, writer => WriteRows(writer, null, shape, rows));

    /// <summary>
    /// Writes rows as a member of an object, under the name that the shape has for them, and behind it, where a listing
    /// can lack rows, the reasons.
    /// </summary>
    public static void WriteListing<TRow>(
        Output output,
        Shape<TRow> shape,
        IEnumerable<TRow> rows,
        Func<IReadOnlyList<string>>? defects = null
    ) =>
        Write(
            output,
            writer =>
            {
                writer.BeginRecord(null);
                WriteRows(writer, shape.Rows, shape, rows);
                if (defects is not null)
                {
                    writer.BeginList(s_defects);
                    foreach (string defect in defects())
                        writer.Text(null, defect);

                    writer.EndList();
                }

                writer.EndRecord();
            }
        );

    private static void WriteRows<TRow>(
        JsonAnswerWriter writer,
        Column? column,
        Shape<TRow> shape,
        IEnumerable<TRow> rows
    )
    {
        writer.BeginList(column);
        foreach (TRow row in rows)
            shape.WriteRecord(row, writer);

        writer.EndList();
    }

    private static void Write(Output output, Action<JsonAnswerWriter> write)
    {
        JsonWriterOptions options = JsonAnswerWriter.Options;
        options.Indented = OutputCapture.Current is null && !Console.IsOutputRedirected;
        var buffer = new JsonBuffer(output);
        using (var json = new Utf8JsonWriter(buffer, options))
            write(new JsonAnswerWriter(json));

        buffer.Complete();
        output.Text.Append((byte)'\n');
        output.FlushIfLarge();
    }
}
