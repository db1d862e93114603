namespace Osprey.Session.Answers.Columns;

/// <summary>A column of lists of texts.</summary>
internal sealed class TextsColumn<TRow>(string name, Func<TRow, IEnumerable<string>> get)
    : Column<TRow>(name, ColumnKind.List)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        writer.BeginList(this);
        foreach (string text in get(row))
            writer.Text(null, text);

        writer.EndList();
    }
}
