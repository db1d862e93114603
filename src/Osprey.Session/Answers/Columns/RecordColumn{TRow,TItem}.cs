namespace Osprey.Session.Answers.Columns;

/// <summary>A column that holds one record with columns of its own.</summary>
internal sealed class RecordColumn<TRow, TItem>(string name, Func<TRow, TItem?> get, Shape<TItem> shape)
    : Column<TRow>(name, ColumnKind.Record)
    where TRow : allows ref struct
{
    public override IReadOnlyList<Column> Parts => shape.Columns;

    public override void Write(in TRow row, CellWriter writer)
    {
        if (get(row) is TItem item)
            shape.WriteRecord(item, writer, this);
        else
            writer.Null(this);
    }
}
