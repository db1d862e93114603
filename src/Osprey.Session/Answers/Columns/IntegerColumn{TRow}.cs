namespace Osprey.Session.Answers.Columns;

/// <summary>A column of whole numbers.</summary>
internal sealed class IntegerColumn<TRow>(string name, ColumnKind kind, Func<TRow, long?> get)
    : Column<TRow>(name, kind)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        if (get(row) is long value)
            writer.Integer(this, value);
        else
            writer.Null(this);
    }
}
