namespace Osprey.Session.Answers.Columns;

/// <summary>A column that holds any number of records, enumerated while they are written.</summary>
internal sealed class RecordsColumn<TRow, TItem>(
    string name,
    Func<TRow, IEnumerable<TItem>?> get,
    Func<Shape<TItem>> shape
) : Column<TRow>(name, ColumnKind.Records)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        if (get(row) is not IEnumerable<TItem> items)
        {
            writer.Null(this);
            return;
        }

        Shape<TItem> columns = shape();
        writer.BeginList(this);
        if (items is IReadOnlyList<TItem> list)
        {
            for (int i = 0; i < list.Count; i++)
                columns.WriteRecord(list[i], writer);
        }
        else
        {
            foreach (TItem item in items)
                columns.WriteRecord(item, writer);
        }

        writer.EndList();
    }
}
