namespace Osprey.Session.Answers.Columns;

/// <summary>A column of text.</summary>
internal sealed class TextColumn<TRow>(string name, Func<TRow, string?> get) : Column<TRow>(name, ColumnKind.Text)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        if (get(row) is string value)
            writer.Text(this, value);
        else
            writer.Null(this);
    }
}
