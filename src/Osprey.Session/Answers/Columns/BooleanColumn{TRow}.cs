namespace Osprey.Session.Answers.Columns;

/// <summary>A column of yes and no.</summary>
internal sealed class BooleanColumn<TRow>(string name, Func<TRow, bool?> get) : Column<TRow>(name, ColumnKind.Boolean)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        if (get(row) is bool value)
            writer.Boolean(this, value);
        else
            writer.Null(this);
    }
}
