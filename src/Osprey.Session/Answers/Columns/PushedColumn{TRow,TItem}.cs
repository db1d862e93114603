namespace Osprey.Session.Answers.Columns;

/// <summary>A column that holds any number of records, pushed while they are written.</summary>
internal sealed class PushedColumn<TRow, TItem>(
    string name,
    Action<TRow, RowSink<TItem>> push,
    Func<Shape<TItem>> shape
) : Column<TRow>(name, ColumnKind.Records)
    where TRow : allows ref struct
    where TItem : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        Shape<TItem> columns = shape();
        writer.BeginList(this);
        push(row, item => columns.WriteRecord(item, writer));
        writer.EndList();
    }
}
